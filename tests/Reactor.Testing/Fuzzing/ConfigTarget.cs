using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Fuzzing;

/// <summary>The text of reactor.json.</summary>
public sealed class ConfigTarget : FuzzTarget
{
    private static readonly string[] Words =
    [
        "{", "}", "[", "]", ":", ",", "\"rtmp\"", "\"listen\"", "\"apps\"", "\"live\"", "\"play\"",
        "\"streams\"", "\"*\"", "\"log\"", "\"level\"", "\"10s\"", "\"64k\"", "\"1935\"", "true",
        "null", "-1", "1e9", "0.5", "\"\\u0000\"", "// x\n", "/* x */", "\"include\"", "\"queue\"",
        "\"limits\"", "\"defaults\"", "\"publish\"", "\"[::]:1935\"", "\"a*b?\"", "99999999999",
    ];

    public override string Name => "config";

    protected override bool IsResumable => false;

    public override IEnumerable<byte[]> Seeds() =>
        [Encoding.UTF8.GetBytes("""{"rtmp":{"listen":["1935"]},"apps":{"live":{"play":{}}}}""")];

    public override byte[] Generate(Random random) =>
        Encoding.UTF8.GetBytes("{" + Draw(random, Words, 30) + "}");

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var text = new ConfigText("fuzz.json", pieces.Single());
        var result = OptionsReader.Read(new ConfigInput { File = text });
        foreach (var error in result.Errors)
        {
            // Neither key nor problem is of a small vocabulary: both quote the file.
            var depth = error.Key.Count(letter => letter == '.');
            seen.Add($"{Math.Min(depth, 4)} {Math.Min(error.Problem.Length / 16, 6)}");
        }
        if (result.Errors.Count == 0)
            seen.Add("good");
    }
}
