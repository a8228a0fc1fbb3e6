using NUnit.Framework;

// Each test has its own server, port and folder. Most of its time it waits for a film that runs
// at its own pace, so six at once cost hardly more than one.
[assembly: Parallelizable(ParallelScope.Children)]
[assembly: LevelOfParallelism(6)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
