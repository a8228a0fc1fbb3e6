using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Server.Configuration;
using Reactor.Server.Hooks;
using Reactor.Server.Rooms;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Authorisation;

/// <summary>Where everybody passes who wants to publish or play, whatever they speak.</summary>
/// <remarks>
/// In this order: an address that has guessed too often; address rules; the page; then one of the
/// methods has to say yes, the store of rooms last, for it may be elsewhere; and at last the hook,
/// which may also be one of the methods, and then is asked only if no other said yes. Verdicts
/// come at once or later; whoever asks waits for them and may leave meanwhile.
/// </remarks>
internal sealed class Gate(
    EventLoop loop,
    Credentials credentials,
    IRoomStore? rooms,
    HookCalls hooks,
    LimitCounts struck)
{
    private static readonly Refusal PeekRefusal =
        new(RefusalKind.Forbidden, "a hook decides that once it is played");

    private readonly FailedAttempts _failures = new();

    /// <summary>Other options are in force.</summary>
    public void Reload(LimitsOptions limits) => _failures.FailuresMax = limits.MaxFailedAttempts;

    /// <summary>Those who were not let in.</summary>
    public long Refused { get; private set; }

    /// <summary>Asks for a verdict.</summary>
    /// <param name="request">Who, what, and what was shown.</param>
    /// <param name="options">Of the server, as they are now.</param>
    /// <param name="done">Called once; before this returns where nobody has to be asked.</param>
    public GateVisit Ask(AccessRequest request, ServerOptions options, Action<Verdict> done)
    {
        var visit = new GateVisit(request, done);
        if (IsBlocked(request.Address))
        {
            Refuse(visit, new Refusal(
                RefusalKind.TooOften, "too many failed attempts, try again later"));
        }
        else if (RefusalOfPlace(request) is { } refusal)
        {
            Refuse(visit, refusal);
        }
        else
        {
            CheckMethods(visit, options);
        }
        return visit;
    }

    /// <summary>Asks anew about somebody whom an operator moves to another stream.</summary>
    /// <remarks>
    /// What was shown was for the old one, and the operator's word stands in its place: only the
    /// rules of addresses and pages, and the hook, are asked.
    /// </remarks>
    public void AskAgain(AccessRequest request, Action<Verdict> done)
    {
        var visit = new GateVisit(request, done);
        if (RefusalOfPlace(request) is { } refusal)
            Refuse(visit, refusal);
        else
            AskHook(visit, request.Key);
    }

    /// <summary>Somebody has shown a wrong key or token elsewhere, as to the API.</summary>
    public void CountFailure(System.Net.IPAddress address) => _failures.Count(address, loop.NowMs);

    /// <summary>Whether an address has guessed too often.</summary>
    public bool IsBlocked(System.Net.IPAddress address)
    {
        if (!_failures.IsBlocked(address, loop.NowMs))
            return false;
        struck.Add(Limit.FailedAttempts);
        return true;
    }

    private static Refusal? RefusalOfPlace(AccessRequest request)
    {
        var (allow, deny) = request.Action == AccessAction.Publish
            ? (request.Options.Publish.Allow, request.Options.Publish.Deny)
            : (request.Options.Play.Allow, request.Options.Play.Deny);
        if (!AddressRules.Allow(request.Address, allow, deny))
            return new Refusal(RefusalKind.Forbidden, "not from this address");
        if (request.Action == AccessAction.Play
            && !RefererRules.Allow(request.Page, request.Options.Play.Refer))
        {
            return new Refusal(RefusalKind.Forbidden, "not from this page");
        }
        return null;
    }

    private void CheckMethods(GateVisit visit, ServerOptions options)
    {
        var request = visit.Request;
        var methods = request.Action == AccessAction.Publish
            ? AuthMethods.OfPublish(request.Options, rooms is not null)
            : AuthMethods.OfPlay(request.Options);
        if (methods.Count == 0)
        {
            AskHook(visit, request.Key);
            return;
        }
        var results = new List<CredentialResult>(methods.Count);
        foreach (var method in methods)
        {
            if (method is AuthMethod.Room or AuthMethod.Hook)
                continue;
            var result = credentials.Check(method, request);
            if (result.IsGood)
            {
                EndMethods(visit, request.Key);
                return;
            }
            results.Add(result);
        }
        if (methods.Contains(AuthMethod.Room) && request.Action == AccessAction.Publish)
            CheckRoom(visit, options.Rooms.Symmetric, results);
        else
            RefuseShown(visit, results);
    }

    private void CheckRoom(GateVisit visit, bool isSymmetric, List<CredentialResult> results)
    {
        var request = visit.Request;
        var name = request.Key.Name;
        var isKey = RoomName.IsKey(name);
        if (rooms is null)
        {
            results.Add(new CredentialResult(false, "rooms are not switched on"));
            RefuseShown(visit, results);
        }
        else if (isKey)
        {
            rooms.RoomOf(
                name, answer => EndRoom(visit, answer, "the room's key is wrong", results));
        }
        else if (isSymmetric && RoomName.Check(name).Length == 0)
        {
            rooms.FindKey(name, answer => EndRoom(visit, answer, "there is no such room", results));
        }
        else
        {
            results.Add(new CredentialResult(false, "a room's key is needed in place of the name"));
            RefuseShown(visit, results);
        }
    }

    private void EndRoom(
        GateVisit visit, RoomAnswer answer, string whyNot, List<CredentialResult> results)
    {
        if (visit.IsOver)
            return;                             // gone while the store was asked
        if (answer.Value is { } name)
        {
            EndMethods(visit, visit.Request.Key with { Name = name });
            return;
        }
        if (!answer.IsGood)
        {
            Refuse(visit, new Refusal(RefusalKind.Busy, "rooms cannot be looked up at the moment"));
            return;
        }
        results.Add(new CredentialResult(true, whyNot));
        RefuseShown(visit, results);
    }

    /// <summary>One has said yes: a hook that is no method itself still may say no.</summary>
    private void EndMethods(GateVisit visit, StreamKey key)
    {
        if (IsHookMethod(visit.Request))
            Admit(visit, key);
        else
            AskHook(visit, key);
    }

    private void AskHook(GateVisit visit, StreamKey key)
    {
        var request = visit.Request;
        var it = new HookEvent
        {
            Kind = request.Action == AccessAction.Publish ? HookKind.Publish : HookKind.Play,
            Key = key,
            Address = request.Address,
            ConnectionId = request.Connection.Id,
            Parameters = request.Parameters,
            TcUrl = request.TcUrl,
            Page = request.Page,
            Client = request.Client,
        };
        if (request.IsPeek)
        {
            var isHooks = HookEvent.UrlOf(it.Kind, request.Options.Hooks).Length > 0;
            visit.End(new Verdict(key, isHooks ? PeekRefusal : null));
            return;
        }
        hooks.Ask(it, request.Options.Hooks, answer =>
        {
            if (visit.IsOver)
                return;                         // gone while the hook was asked
            if (answer.IsAllowed)
                Admit(visit, answer.NewName.Length > 0 ? key with { Name = answer.NewName } : key);
            else
                Refuse(visit, new Refusal(
                    answer.IsAnswered ? RefusalKind.Forbidden : RefusalKind.Busy, answer.Why));
        });
    }

    private static bool IsHookMethod(AccessRequest request) =>
        (request.Action == AccessAction.Publish
            ? request.Options.Auth.Publish
            : request.Options.Auth.Play).Contains(AuthMethod.Hook);

    /// <summary>What was shown is wrong, or nothing was; the last reason is told.</summary>
    private void RefuseShown(GateVisit visit, List<CredentialResult> results)
    {
        if (IsHookMethod(visit.Request))
        {
            AskHook(visit, visit.Request.Key);
            return;
        }
        var shown = results.LastOrDefault(result => result.WasShown);
        if (shown.WasShown)
        {
            CountFailure(visit.Request.Address);
            Refuse(visit, new Refusal(RefusalKind.Forbidden, shown.Why));
            return;
        }
        var why = results.Count > 0 ? results[^1].Why : "nobody may";
        Refuse(visit, new Refusal(RefusalKind.Unauthorised, why));
    }

    private static void Admit(GateVisit visit, StreamKey key) => visit.End(new Verdict(key, null));

    private void Refuse(GateVisit visit, Refusal refusal)
    {
        Refused++;
        visit.End(new Verdict(visit.Request.Key, refusal));
    }
}
