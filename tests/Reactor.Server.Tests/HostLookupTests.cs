using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Transport;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Server.Tests;

/// <summary>Looking hosts up behind a resolver that may be slow, full, or silent.</summary>
[TestFixture]
public sealed class HostLookupTests : IFaultTarget
{
    private readonly List<string> _answers = [];
    private ManualTime _time = null!;
    private EventLoop _loop = null!;
    private ScriptedResolver _resolver = null!;
    private LimitCounts _struck = null!;
    private HostLookup _hosts = null!;
    private Exception? _fault;

    [SetUp]
    public void Open()
    {
        _answers.Clear();
        _time = new ManualTime();
        _loop = new EventLoop(new MemoryNetwork(), _time, new LoopSettings());
        _resolver = new ScriptedResolver(_loop.Mailbox);
        _struck = new LimitCounts();
        _hosts = new HostLookup(_loop, _resolver, _struck);
        _fault = null;
    }

    [TearDown]
    public void Close()
    {
        _hosts.Dispose();
        Assert.That(_resolver.IsDisposed, Is.True);
        _resolver.Dispose();
        Assert.That(_loop.Timers.Count, Is.Zero);
        _loop.Dispose();
    }

    public void OnFault(Exception fault) => _fault = fault;

    [TestCase("192.0.2.7")]
    [TestCase("2001:db8::1")]
    public void An_address_needs_no_name_server(string address)
    {
        Find(address);

        Assert.That(_answers, Is.EqualTo(new[] { address }));
        Assert.That(_resolver.Asked, Is.Empty);
    }

    [Test]
    public void All_addresses_of_a_host_are_told_up_to_a_bound()
    {
        _resolver.Hosts["one.test"] = [IPAddress.Loopback];
        _resolver.Hosts["two.test"] = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        _resolver.Hosts["many.test"] =
            [.. Enumerable.Range(1, 40).Select(i => new IPAddress([10, 0, 0, (byte)i]))];
        Find("one.test");
        Find("two.test");
        Find("many.test");
        Assert.That(_answers, Is.Empty, "never before the call has returned");
        _loop.RunOnce();

        Assert.That(_answers[0], Is.EqualTo("127.0.0.1"));
        Assert.That(_answers[1], Is.EqualTo("127.0.0.1 ::1"));
        Assert.That(_answers[2].Split(' '), Has.Length.EqualTo(HostLookup.AddressesMax));
        Assert.That((_hosts.UnderWay, _loop.Timers.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void A_host_that_nobody_knows_has_no_address_and_a_reason()
    {
        Find("none.test");
        _loop.RunOnce();

        Assert.That(_answers, Is.EqualTo(new[] { "none.test is not known" }));
    }

    [Test]
    public void A_name_server_that_is_silent_is_waited_for_up_to_the_deadline_and_no_longer()
    {
        _resolver.Hosts["a.test"] = _resolver.Hosts["b.test"] = [IPAddress.Loopback];
        _resolver.IsSilent = true;
        Find("a.test");
        Pass(1000);
        Find("b.test");
        Pass(HostLookup.DeadlineMs - 1001);
        Assert.That(_answers, Is.Empty, "a millisecond before");

        Pass(1);
        Assert.That(_answers.Single(), Does.Contain("a.test").And.Contains("5 s"));
        Assert.That(_struck[Limit.LookupTimeout], Is.EqualTo(1));

        _resolver.AnswerAll();
        _loop.RunOnce();
        Assert.That(_answers, Has.Count.EqualTo(2), "the late answer is dropped");
        Assert.That(_answers[1], Is.EqualTo("127.0.0.1"), "the other one was in time");
        Pass(10 * HostLookup.DeadlineMs);
        Assert.That(_answers, Has.Count.EqualTo(2), "each question is answered once");
    }

    [Test]
    public void So_many_are_looked_up_at_once_and_one_more_is_refused_at_once()
    {
        _resolver.IsSilent = true;
        for (var i = 0; i < HostLookup.LookupsMax; i++)
            Find($"host-{i}.test");
        Assert.That(_answers, Is.Empty);
        Assert.That(_struck[Limit.Lookups], Is.Zero);

        Find("one-more.test");
        Assert.That(_answers, Is.EqualTo(new[] { "too many hosts are being looked up" }));
        Assert.That(_struck[Limit.Lookups], Is.EqualTo(1));
        Assert.That(_resolver.Asked, Has.Count.EqualTo(HostLookup.LookupsMax));

        _resolver.AnswerAll();
        _loop.RunOnce();
        _resolver.IsSilent = false;
        Find("again.test");
        _loop.RunOnce();
        Assert.That(_answers[^1], Is.EqualTo("again.test is not known"), "there is room again");
    }

    [Test]
    public void A_resolver_that_is_full_is_an_answer()
    {
        _resolver.IsFull = true;
        Find("a.test");

        Assert.That(_answers, Is.EqualTo(new[] { "too many hosts are being looked up" }));
        Assert.That((_hosts.UnderWay, _struck[Limit.Lookups]), Is.EqualTo((0, 1)));
    }

    [Test]
    public void After_a_stop_nobody_hears_anything()
    {
        _resolver.IsSilent = true;
        Find("a.test");
        _hosts.Stop();
        _resolver.AnswerAll();
        Pass(2 * HostLookup.DeadlineMs);

        Assert.That(_answers, Is.Empty);
    }

    [Test]
    public void What_an_owner_throws_at_its_answer_ends_the_owner_alone()
    {
        _resolver.Hosts["a.test"] = _resolver.Hosts["b.test"] = [IPAddress.Loopback];
        _hosts.Find("a.test", this, (_, _) => throw new InvalidOperationException("a bug"));
        Find("b.test");
        _loop.RunOnce();

        Assert.That(_fault, Has.Message.EqualTo("a bug"));
        Assert.That(_answers, Is.EqualTo(new[] { "127.0.0.1" }));
    }

    [TestCase("localhost", "127.0.0.1")]
    [TestCase("no-such-host.invalid", "no-such-host.invalid")]
    public void The_resolver_of_the_system_is_asked_on_another_thread(string host, string expected)
    {
        using var loop = new EventLoop(
            Networks.Open(NetworkBackend.Auto), TimeProvider.System, new LoopSettings());
        var resolver = new DnsResolver(() => new WorkQueue(loop.Mailbox, threads: 1));
        using var hosts = new HostLookup(loop, resolver, _struck);
        var answer = "";
        hosts.Find(
            host, this, (found, why) => answer = string.Join(' ', (object[])[.. found, why]));
        Assert.That(answer, Is.Empty);
        while (answer.Length == 0)
            loop.RunOnce();                             // not for ever: there is a deadline

        Assert.That(answer, Does.Contain(expected));
    }

    private void Find(string host) => _hosts.Find(
        host,
        this,
        (found, why) => _answers.Add(
            found.Length > 0 ? string.Join(' ', found.Select(each => $"{each}")) : why));

    private void Pass(int milliseconds)
    {
        _time.Advance(milliseconds);
        _loop.RunOnce();
    }
}
