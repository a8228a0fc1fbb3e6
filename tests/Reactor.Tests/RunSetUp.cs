using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>What was started or made once for all tests is gone at the end.</summary>
[SetUpFixture]
public sealed class RunSetUp
{
    [OneTimeTearDown]
    public void Forget()
    {
        Chromium.End();
        Film.Forget();
    }
}
