using Reactor.Server.Authorisation;

namespace Reactor.Server.Configuration;

/// <summary>Somebody who may operate the server, by name and password.</summary>
/// <param name="User">Without a colon (RFC 7617 §2).</param>
/// <param name="Password">
/// As it is or as a hash, so that the file does not hold it; see <see cref="StoredPassword"/>.
/// </param>
public sealed record ApiUser(string User, string Password);
