using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Fuzzing;

/// <summary>Command bodies of types 20 and 17.</summary>
public sealed class CommandTarget : FuzzTarget
{
    public override string Name => "command";

    protected override bool IsResumable => false;

    public override byte[] Generate(Random random) => Grammar.Command(random);

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        foreach (var type in new[] { MessageType.Command, MessageType.CommandAmf3 })
        {
            var payload = pool.Copy(pieces.Single());
            try
            {
                var command = RtmpCommand.Read(new RtmpMessage(type, 0, 1, payload));
                seen.Add($"{type} {command.WantsAnswer} {command.Object.Kind}", command.Name);
                for (var i = 0; i < 4; i++)
                    seen.Add($"{command.Argument(i).Kind}", command.Argument(i).ToString());
            }
            finally
            {
                payload.Release();
            }
        }
    }
}
