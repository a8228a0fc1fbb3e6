using System;
using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>The bytes behind a name, and those that would outlast a power failure.</summary>
internal sealed class SimulatedFile
{
    private readonly List<(long At, byte[] Bytes)> _unflushed = [];
    private byte[] _bytes = [];
    private byte[] _durable = [];

    public int Length { get; private set; }

    public DateTimeOffset Modified { get; set; }

    /// <summary>Whether a process was killed while it wrote here: the end may be missing.</summary>
    public bool WasCut { get; set; }

    /// <summary>Whether the power failed while something was not flushed.</summary>
    public bool WasTorn { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        Put(at, bytes);
        _unflushed.Add((at, bytes.ToArray()));
    }

    /// <summary>A journal keeps lengths in order with names, so this is not undone.</summary>
    public void Truncate(int length)
    {
        Resize(length);
        _unflushed.Clear();
        _durable = length <= _durable.Length ? _durable[..length] : Bytes.ToArray();
    }

    public void Flush()
    {
        _unflushed.Clear();
        _durable = Bytes.ToArray();
    }

    /// <summary>
    /// What was not flushed is there, or in part, or not at all, write by write; where a later
    /// one is there and an earlier one is not, there are zeros.
    /// </summary>
    public void LosePower(Random random)
    {
        WasTorn |= _unflushed.Count > 0;
        Resize(0);
        Put(0, _durable);
        foreach (var (at, bytes) in _unflushed)
        {
            var kept = random.Next(3) switch
            {
                0 => 0,
                1 => bytes.Length,
                _ => random.Next(bytes.Length + 1),
            };
            if (kept > 0)
                Put(at, bytes.AsSpan(0, kept));
        }
        Flush();
    }

    private void Put(long at, ReadOnlySpan<byte> bytes)
    {
        Resize(Math.Max(Length, (int)at + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan((int)at));
    }

    private void Resize(int length)
    {
        if (length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        if (length < Length)
            _bytes.AsSpan(length, Length - length).Clear();
        Length = length;
    }
}
