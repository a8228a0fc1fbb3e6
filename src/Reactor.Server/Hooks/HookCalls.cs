using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using NLog;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Hooks;

/// <summary>All questions that are under way to hooks, a bounded number.</summary>
/// <remarks>
/// Asking waits for an answer; telling does not, and what is told is lost if nobody hears it.
/// Neither ever blocks the loop.
/// </remarks>
internal sealed class HookCalls(ReactorServer server)
{
    /// <summary>Questions under way; beyond it a hook counts as one that does not answer.</summary>
    public const int CallsMax = 1024;

    private static readonly Logger Log = LogManager.GetLogger("hook");

    private readonly HashSet<HookCall> _calls = [];
    private ServerOptions? _seen;
    private bool _tellsUpdates;

    public ReactorServer Server => server;

    /// <summary>Questions that are under way.</summary>
    public int Pending => _calls.Count;

    /// <summary>Questions that nobody answered.</summary>
    public long Unanswered { get; private set; }

    /// <summary>Whether anybody anywhere is to be told from time to time.</summary>
    public bool TellsUpdates
    {
        get
        {
            // Asked at each check, while options change at a reload only.
            if (!ReferenceEquals(server.Options, _seen))
                (_seen, _tellsUpdates) = (server.Options, HasUpdates(server.Options));
            return _tellsUpdates;
        }
    }

    /// <summary>Who is to hear now that somebody goes on; null before it is time.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="toldMs">When it was told last, or began.</param>
    public HooksOptions? UpdateDue(StreamKey key, long toldMs) =>
        OptionsOf(key) is { OnUpdate.Length: > 0 } hooks
        && server.Loop.NowMs - toldMs >= hooks.NotifyUpdateTimeout.TotalMilliseconds
            ? hooks
            : null;

    /// <summary>Asks, if the configuration has a hook for it.</summary>
    /// <param name="it">What is asked about.</param>
    /// <param name="options">Which hook, and how.</param>
    /// <param name="done">Called once; before this returns where nobody is to be asked.</param>
    /// <returns>Whether somebody is asked.</returns>
    public bool Ask(HookEvent it, HooksOptions options, Action<HookAnswer> done)
    {
        if (!HookUrl.TryParse(HookEvent.UrlOf(it.Kind, options), out var url))
        {
            done(new HookAnswer(true, ""));
            return false;
        }
        if (_calls.Count >= CallsMax)
        {
            Settle(HookAnswer.None($"{CallsMax} hooks are waited for"), options, done);
            return true;
        }
        var request = RequestOf(it, url, options);
        var call = new HookCall(this, request, answer => Settle(answer, options, done));
        _calls.Add(call);
        call.Start();
        return true;
    }

    /// <summary>Tells, if the configuration has a hook for it.</summary>
    public void Tell(HookEvent it, HooksOptions options) => Ask(it, options, static _ => { });

    /// <summary>The hooks of a stream; null where its app is not configured any more.</summary>
    public HooksOptions? OptionsOf(StreamKey key) =>
        server.Options.Resolve(key)?.Hooks;

    /// <summary>Who publishes a stream now, for what is told of its files later.</summary>
    public HookEvent PublisherOf(LiveStream stream)
    {
        var publisher = stream.Publisher;
        var session = publisher is null ? null : server.Sessions.Find(publisher.ConnectionId);
        return session?.EventOf(HookKind.Publish, stream.Key, publisher!.Parameters)
            ?? new HookEvent
            {
                Kind = HookKind.Publish,
                Key = stream.Key,
                Address = IPAddress.Any,
                ConnectionId = publisher?.ConnectionId ?? 0,
                Parameters = publisher?.Parameters,
            };
    }

    /// <summary>Tells of a recording that is complete.</summary>
    /// <param name="publisher">From <see cref="PublisherOf"/>, when the file began.</param>
    /// <param name="file">Path, duration, bytes and recorder.</param>
    public void RecordDone(HookEvent publisher, HookFile file) =>
        Tell(HookKind.RecordDone, publisher, file);

    /// <summary>Tells of a recording that came to nothing.</summary>
    /// <param name="publisher">From <see cref="PublisherOf"/>, when the file began.</param>
    /// <param name="file">As of a complete one, and why.</param>
    public void RecordFailed(HookEvent publisher, HookFile file) =>
        Tell(HookKind.RecordFailed, publisher, file);

    /// <summary>Tells of a segment of HLS that is complete.</summary>
    public void SegmentDone(LiveStream stream, HookFile file)
    {
        if (OptionsOf(stream.Key) is { OnHls.Length: > 0 })
            Tell(HookKind.Hls, PublisherOf(stream), file);
    }

    /// <summary>Gives up on all that is under way.</summary>
    public void Stop()
    {
        foreach (var call in new List<HookCall>(_calls))
            call.Abandon("the server stops");
    }

    internal void Remove(HookCall call) => _calls.Remove(call);

    private void Tell(HookKind kind, HookEvent publisher, HookFile file)
    {
        if (OptionsOf(publisher.Key) is { } options)
            Tell(publisher with { Kind = kind, File = file }, options);
    }

    private void Settle(HookAnswer answer, HooksOptions options, Action<HookAnswer> done)
    {
        if (answer.IsAnswered)
        {
            done(answer);
            return;
        }
        Unanswered++;
        var isAllowed = options.OnError == HookErrorMode.Allow;
        Log.Debug("a hook was not answered: {Why:l}", answer.Why);
        done(answer with { IsAllowed = isAllowed, Why = "the hook does not answer" });
    }

    private static bool HasUpdates(ServerOptions options) => options.Apps is null
        ? options.Defaults.Hooks.OnUpdate.Length > 0
        : options.Apps.Rules.Any(rule => rule.Options.Hooks.OnUpdate.Length > 0
            || rule.Streams.Any(stream => stream.Options.Hooks.OnUpdate.Length > 0));

    private HookRequest RequestOf(HookEvent it, HookUrl url, HooksOptions options)
    {
        var isJson = options.Format == HookFormat.Json;
        var body = isJson ? HookBody.Json(it, server.Id) : HookBody.Form(it);
        return new HookRequest(
            url,
            isJson ? HookBody.JsonType : HookBody.FormType,
            body,
            Sign(body, options.Secret),
            options.Headers,
            options.Format,
            (long)options.Timeout.TotalMilliseconds,
            options.Retries);
    }

    private static string Sign(byte[] body, string secret) => secret.Length == 0
        ? ""
        : "sha256=" + Convert.ToHexStringLower(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
