using System;
using Reactor.Protocol;
using Reactor.Server.Authorisation;
using Reactor.Server.Egress;
using Reactor.Server.Exec;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Players that go on with another stream, on the word of an operator.</summary>
internal abstract partial class Session
{
    /// <summary>Moves a player to another stream; its connection stays.</summary>
    /// <param name="player">One of this session.</param>
    /// <param name="key">The other stream.</param>
    /// <param name="parameters">What the hook is told of them; null for what it came with.</param>
    /// <param name="done">Called once, now or later: whether it was moved.</param>
    public void Redirect(
        Player player, StreamKey key, QueryParameters? parameters, Action<bool> done) =>
        AskToMove(
            AccessAction.Play, key, parameters ?? player.Parameters,
            verdict => done(verdict.Refusal is null && TryMove(player, verdict.Key)));

    /// <summary>What the gate is told of somebody whom an operator moves.</summary>
    protected void AskToMove(
        AccessAction action, StreamKey key, QueryParameters? parameters, Action<Verdict> done)
    {
        var options = Server.Options.Resolve(key);
        if (options is not { Live: true })
        {
            RefuseMove(key, Refusal.NotConfigured(key));
            done(new Verdict(key, new Refusal(RefusalKind.NotFound, "")));
            return;
        }
        Server.Gate.AskAgain(AccessOf(action, key, options, parameters), verdict =>
        {
            if (verdict.Refusal is { } refusal)
                RefuseMove(key, refusal.Why);
            done(verdict);
        });
    }

    protected void RefuseMove(StreamKey key, string why) => Log.Info(
        "#{Connection} {Remote} is not moved to {Stream:l}: {Why:l}",
        Connection.Id, Connection.Remote, key.ToString(), why);

    private bool TryMove(Player player, StreamKey key)
    {
        var from = player.Stream;
        var options = Server.Options.Resolve(key);
        if (!_players.Contains(player) || key == from.Key || options is not { Live: true })
            return false;                       // it left meanwhile, or a hook renamed the stream
        if (PlayRules.RefuseMove(Server, key, options) is { } refusal)
        {
            RefuseMove(key, refusal.Why);
            return false;
        }
        var summary = player.Move(Server.StreamOf(key, options), options, NowMs);
        Summarise("played", from, summary, $"moved to {key}");
        TellLeft(player, from, summary);
        RunForPlay(ExecKind.Play, key, player.Parameters, default);
        if (!player.Stream.IsPublished)
            TellNotFound(key, player.Parameters);
        return true;
    }
}
