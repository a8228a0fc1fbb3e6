using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Reactor.Testing;
using Reactor.Testing.Fuzzing;

namespace Reactor.Fuzz;

/// <summary>Feeds one target: by grammar, and by damage to what showed something new.</summary>
internal sealed class Fuzzer
{
    private const int KeptMax = 40;
    private const int KeptInputBytesMax = 1000;

    private readonly int _seed;
    private readonly Random _random;
    private readonly Mutator _mutator;
    private readonly HashSet<ulong> _features = [];
    private readonly List<byte[]> _pool = [];
    private bool _isBegun;

    public Fuzzer(FuzzTarget target, int seed)
    {
        Target = target;
        _seed = seed;
        _random = new Random(seed);
        _mutator = new Mutator(_random);
    }

    public FuzzTarget Target { get; }

    /// <summary>How many inputs were begun; the watchdog looks whether it moves.</summary>
    public long Runs { get; private set; }

    /// <summary>The input that runs now, or null.</summary>
    public byte[]? Current { get; private set; }

    public string Summary =>
        $"{Target.Name,-10} {Runs,9} inputs, {_pool.Count,5} kept, {_features.Count,6} features";

    /// <summary>Runs so many inputs more.</summary>
    /// <returns>False after a bug, which was printed and written.</returns>
    public bool Run(int iterations)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            var known = FuzzTargets.CorpusOf(Target).Select(kept => kept.Input);
            if (!known.Concat(Target.Seeds()).All(Try))
                return false;
        }
        for (var i = 0; i < iterations; i++)
        {
            if (!Try(Next()))
                return false;
        }
        return true;
    }

    /// <summary>Writes some inputs that show much of all that was seen, rich ones first.</summary>
    public void Keep(string folder)
    {
        Directory.CreateDirectory(folder);
        var shown = new HashSet<ulong>();
        var rich = _pool
            .Where(input => input.Length <= KeptInputBytesMax)
            .Select(input => (Input: input, Features: Target.Run(input).All.ToList()))
            .OrderByDescending(candidate => candidate.Features.Count);
        var kept = 0;
        foreach (var (input, features) in rich)
        {
            if (kept == KeptMax)
                return;
            if (features.TrueForAll(shown.Contains))
                continue;
            shown.UnionWith(features);
            File.WriteAllBytes(Path.Combine(folder, $"{Fingerprint.Of(input):x16}"), input);
            kept++;
        }
    }

    /// <summary>Writes the input that runs, and says where.</summary>
    public void Report(string what)
    {
        var input = Current ?? [];
        Directory.CreateDirectory("artifacts/fuzz");
        var path = $"artifacts/fuzz/{Target.Name}-{Fingerprint.Of(input):x16}";
        File.WriteAllBytes(path, input);
        Console.Error.WriteLine($"{Target.Name}, seed {_seed}, input {Runs}: {what}\n{path}");
    }

    private byte[] Next() => _pool.Count == 0 || _random.Next(5) == 0
        ? Target.Generate(_random)
        : _mutator.Change(Any(), Any());

    /// <summary>
    /// Late finds are the better ones: half of the draws are from the last eighth.
    /// </summary>
    private byte[] Any()
    {
        var from = _random.Next(2) == 0 ? 0 : _pool.Count * 7 / 8;
        return _pool[_random.Next(from, _pool.Count)];
    }

    private bool Try(byte[] input)
    {
        Current = input;
        Runs++;
        try
        {
            var isNew = false;
            foreach (var feature in Target.Run(input).All)
                isNew |= _features.Add(feature);
            if (isNew)
                _pool.Add(input);
        }
        catch (Exception bug)
        {
            Report(bug.ToString());
            return false;
        }
        Current = null;
        return true;
    }
}
