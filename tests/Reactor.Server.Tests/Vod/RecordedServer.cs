using System;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Vod;

/// <summary>A server that has recorded a film.</summary>
internal static class RecordedServer
{
    public const int Seconds = 12;

    /// <summary>A server with one recording of twelve seconds, a keyframe in each.</summary>
    /// <param name="template">Where a second recorder, which nobody starts, would write.</param>
    /// <param name="change">What else is to hold.</param>
    public static ServerInMemory Open(
        string template = "record/{app}/film.{ext}",
        Func<StreamOptions, StreamOptions>? change = null)
    {
        var usual = new StreamOptions
        {
            Record =
            [
                new RecordOptions
                {
                    Name = "r",
                    Record = RecordMode.Manual,
                    RecordPath = PathTemplate.TryParse("record/{app}/film.{ext}", out _)!,
                },
                new RecordOptions
                {
                    Name = "second",
                    Record = RecordMode.Manual,
                    RecordPath = PathTemplate.TryParse(template, out _)!,
                },
            ],
            Vod = new VodOptions { Enabled = true },
        };
        var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = change?.Invoke(usual) ?? usual,
        });
        var publisher = server.Publish("source");
        Assert.That(server.Server.RecordingApi.Start("live", "source", "r").Why, Is.Empty);
        server.Film(publisher, Seconds);
        server.Server.RecordingApi.Stop("live", "source", "r");
        publisher.End();
        server.Turns(5, 40);
        return server;
    }
}
