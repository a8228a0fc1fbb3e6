using NUnit.Framework;

// Each test has its own server, port and folder. Most of its time it waits for a film that runs
// at its own pace, so two at once cost no more than one.
[assembly: Parallelizable(ParallelScope.Children)]
[assembly: LevelOfParallelism(2)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
