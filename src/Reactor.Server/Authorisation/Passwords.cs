using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Reactor.Server.Configuration;
using Reactor.Transport;

namespace Reactor.Server.Authorisation;

/// <summary>Judges the names and passwords of those who operate the server.</summary>
/// <remarks>
/// To derive a password takes tenths of a second: it is done elsewhere, a few at a time, and once;
/// of one that was right its hash is kept in memory. Invariant: nothing is kept of a wrong one.
/// </remarks>
internal sealed class Passwords(IWorkQueue work)
{
    /// <summary>Derived at once: the disk needs the same threads.</summary>
    public const int PendingMax = 8;

    private readonly Dictionary<string, byte[]> _proven = [];
    private int _pending;

    /// <summary>Forgets what it knew of users that may not be there any more.</summary>
    public void Forget() => _proven.Clear();

    /// <summary>Whether it is one of the users, and that one's password.</summary>
    /// <remarks>Every user is compared, and in full: the time tells nothing.</remarks>
    public bool IsAny(BasicCredentials shown, IReadOnlyList<ApiUser> users)
    {
        var isAny = false;
        foreach (var user in users)
        {
            var isName = SecretText.Equal(shown.Name, user.User);
            var isPassword = StoredPassword.IsDerived(user.Password)
                ? IsProven(shown.Password, user.Password)
                : StoredPassword.IsEqual(shown.Password, user.Password);
            isAny |= isName & isPassword;
        }
        return isAny;
    }

    /// <summary>Whether <see cref="IsAny"/> can only tell once it was derived.</summary>
    public bool MustDerive(BasicCredentials shown, IReadOnlyList<ApiUser> users) =>
        users.Any(user => StoredPassword.IsDerived(user.Password)) && !IsAny(shown, users);

    /// <summary>Derives it, so that <see cref="IsAny"/> can tell.</summary>
    /// <param name="shown">What was shown.</param>
    /// <param name="users">One of them at least has a password that is derived.</param>
    /// <param name="done">Called later, whatever came of it.</param>
    /// <returns>False when too many are under way.</returns>
    public bool TryDerive(BasicCredentials shown, IReadOnlyList<ApiUser> users, Action done)
    {
        if (_pending == PendingMax)
            return false;
        var derived = users.Where(user => StoredPassword.IsDerived(user.Password));
        var user = derived.FirstOrDefault(user => user.User == shown.Name);
        // Nobody's name takes as long as somebody's, or the time would tell who there is.
        var stored = (user ?? derived.First()).Password;
        var isRight = false;
        _pending++;
        var isTaken = work.TryRun(
            () => isRight = StoredPassword.Derives(shown.Password, stored),
            _ =>
            {
                _pending--;
                if (isRight && user is not null)
                    _proven[stored] = HashOf(shown.Password);
                done();
            });
        _pending -= isTaken ? 0 : 1;
        return isTaken;
    }

    private bool IsProven(string said, string stored) =>
        _proven.TryGetValue(stored, out var hash)
        && CryptographicOperations.FixedTimeEquals(hash, HashOf(said));

    private static byte[] HashOf(string password) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(password));
}
