using System;

namespace Reactor.Testing;

/// <summary>FNV-1a in 64 bits: the same on every machine, good enough to tell runs apart.</summary>
public struct Fingerprint()
{
    public ulong Value { get; private set; } = 0xCBF2_9CE4_8422_2325;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var print = new Fingerprint();
        print.Add(bytes);
        return print.Value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var each in bytes)
            Add(each);
    }

    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var each in text)
            Add(each);
        Add('\n');
    }

    private void Add(int symbol) => Value = (Value ^ (uint)symbol) * 0x0000_0100_0000_01B3;
}
