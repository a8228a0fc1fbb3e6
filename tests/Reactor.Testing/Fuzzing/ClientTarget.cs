using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Fuzzing;

/// <summary>The client's side of a conversation, from behind the handshake.</summary>
public sealed class ClientTarget : FuzzTarget
{
    private static readonly string[] Steps = ["started", "Audio", "Video", "Data"];

    public override string Name => "client";

    public override byte[] Generate(Random random) => Grammar.Server(random);

    public override IEnumerable<byte[]> Seeds() => Grammar.CaptureParts(Samples.ServerCaptures);

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var handler = new RecordingClient();
        var request = new ClientRequest("live", "rtmp://h/live", "cam", Publishes: true);
        var conversation = new RtmpClientConversation(
            pool, new LinkSettings(), request, handler, new Random(1));
        try
        {
            conversation.Begin();
            ReadOnlySpan<byte> greeting = Grammar.Greeting;
            conversation.Receive(ref greeting);
            foreach (var piece in pieces)
            {
                ReadOnlySpan<byte> input = piece;
                conversation.Receive(ref input);
                Invariant.Holds(input.IsEmpty);
            }
        }
        catch (ProtocolException broken)
        {
            seen.Add(broken.Error.ToString());
        }
        conversation.Close();
        foreach (var call in handler.Calls)
            seen.Add(Steps.FirstOrDefault(call.StartsWith) ?? "status", call);
        seen.Add($"{conversation.IsStarted}", conversation.StreamId.ToString());
    }
}
