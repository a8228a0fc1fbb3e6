using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Load.Scenarios;

namespace Reactor.Load.Tests;

[TestFixture]
public sealed class ScenarioTests
{
    [Test]
    public void Each_scenario_is_a_load_that_the_command_line_takes()
    {
        foreach (var scenario in AllScenarios.List)
        {
            foreach (var players in scenario.Crowds)
            {
                string[] arguments =
                [
                    "run", "--url", "rtmp://127.0.0.1/live",
                    .. CommandLine.ArgumentsOf(scenario.Load with { Players = players }),
                ];
                var errors = CommandLine.Make().Parse(arguments).Errors;
                Assert.That(errors, Is.Empty, scenario.Name);
            }
        }
    }

    [Test]
    public void Names_are_unique_and_unknown_ones_are_refused()
    {
        Assert.That(AllScenarios.List.Select(scenario => scenario.Name), Is.Unique);
        Assert.That(AllScenarios.Find(["idle", "fanout"]).Select(scenario => scenario.Name),
            Is.EqualTo(new[] { "idle", "fanout" }));
        Assert.That(AllScenarios.Find([]), Is.SameAs(AllScenarios.List));
        Assert.Throws<InvalidOperationException>(() => AllScenarios.Find(["typo"]));
    }
}
