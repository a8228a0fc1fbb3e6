using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Http;

namespace Reactor.Testing.Simulation;

/// <summary>Asks over HTTP, one request after another, on one connection.</summary>
[SuppressMessage("Design", "CA1001", Justification = "OnEnded is its end, and comes once.")]
public abstract class AskingPeer : Peer
{
    private readonly HttpResponseReader _reader;
    private Action<HttpResponse>? _answered;
    private bool _isLast;
    private bool _isGone;

    protected AskingPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan) => _reader = new HttpResponseReader(
            world.PeerPool, new HttpLimits { BodyBytesMax = PacketPool.CapacityMax });

    /// <summary>When the request was sent that waits for its answer; 0 for none.</summary>
    public long WaitsSinceUs { get; private set; }

    /// <summary>What it waits for, for messages.</summary>
    public string Asked { get; private set; } = "";

    protected override bool HasStarted => BytesReceived > 0;

    /// <summary>Sends a request; the one before has been answered.</summary>
    /// <param name="method">GET, DELETE.</param>
    /// <param name="target">From the slash on.</param>
    /// <param name="answered">Borrows the answer.</param>
    protected void Ask(string method, string target, Action<HttpResponse> answered)
    {
        Invariant.Holds(_answered is null);
        if (_isGone)
            return;
        _answered = answered;
        WaitsSinceUs = Time.NowUs;
        Asked = $"{method} {target}";
        Send(Encoding.ASCII.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: {Host}:{Port}\r\n\r\n"));
    }

    protected override void OnReceived(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty && _answered is not null)
            {
                if (!_reader.TryRead(ref bytes, out var response))
                    return;
                Take(response);
            }
        }
        catch (HttpProtocolException broken)
        {
            World.Checks.Fail("the server speaks HTTP and FLV", $"{this}: {broken.Message}");
        }
        if (!bytes.IsEmpty && !HasEnded)
            World.Checks.Fail("an answer comes only where one was asked for", ToString());
    }

    protected override void OnGone() => _isGone = true;

    /// <summary>Asks again on another connection, where this one was not to be.</summary>
    protected override void OnEnded()
    {
        _reader.Dispose();
        if (Excuse is null || _isLast)
            World.ComeBack(this, Random);
    }

    private void Take(HttpResponse response)
    {
        var answered = _answered!;
        _answered = null;
        WaitsSinceUs = 0;
        using (response)
        {
            World.Trace.Note(TraceKind.Status, Id, response.Status, Asked);
            _isLast |= !response.IsKeepAlive;
            if (_isLast)
                Excused("the server closes behind its answer");
            answered(response);
        }
    }
}
