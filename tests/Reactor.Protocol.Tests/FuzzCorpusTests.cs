using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Testing.Fuzzing;

namespace Reactor.Protocol.Tests;

/// <summary>
/// The inputs that fuzzing kept, replayed, and some fresh ones; `make fuzz` finds more.
/// </summary>
[TestFixture]
public sealed class FuzzCorpusTests
{
    private static IReadOnlyList<FuzzTarget> Targets => FuzzTargets.All;

    private static IEnumerable<string> Names => Targets.Select(target => target.Name);

    [TestCaseSource(nameof(Names))]
    public void The_corpus_ends_in_a_value_or_a_refusal(string name)
    {
        var target = Targets.Single(each => each.Name == name);
        var corpus = FuzzTargets.CorpusOf(target).ToList();

        Assert.That(corpus, Is.Not.Empty);
        foreach (var (file, input) in corpus)
            Assert.That(() => target.Run(input), Throws.Nothing, $"{name}/{file}");
    }

    [TestCaseSource(nameof(Names))]
    public void Grammar_and_recordings_end_in_a_value_or_a_refusal(string name)
    {
        var target = Targets.Single(each => each.Name == name);
        var random = new Random(5);
        var mutator = new Mutator(random);
        var seeds = target.Seeds().ToList();
        seeds.Add(target.Generate(random));

        for (var i = 0; i < 500; i++)
        {
            var input = i % 2 == 0
                ? target.Generate(random)
                : mutator.Change(seeds[i % seeds.Count], seeds[^1]);
            Assert.That(() => target.Run(input), Throws.Nothing, $"{name}, input {i}");
        }
    }
}
