using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>What is made or started once for all tests, and is gone at the end.</summary>
[SetUpFixture]
public sealed class RunSetUp
{
    [OneTimeSetUp]
    public void Prepare() => ServerProgram.Prepare();

    [OneTimeTearDown]
    public void Forget()
    {
        Chromium.End();
        Film.Forget();
    }
}
