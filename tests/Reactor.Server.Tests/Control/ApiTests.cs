using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Xml.Linq;
using NUnit.Framework;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Control;

/// <summary>The REST interface, nginx-rtmp's, and the metrics.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ApiTests : IDisposable
{
    private readonly ServerInMemory _server = new();
    private readonly ControlPeer _control;
    private readonly Peer _publisher;

    public ApiTests()
    {
        _control = new ControlPeer(_server);
        _publisher = _server.Publish("a \"x\"<y>");
        _server.Play("a \"x\"<y>");
        _server.Play("waiting");
        _publisher.Headers();
        for (var i = 0; i < 50; i++)
        {
            _publisher.Key((uint)(i * 40));
            _server.Turn(40);
        }
    }

    public void Dispose() => _server.Dispose();

    [TestCase("/api/v1/server", "Server", "")]
    [TestCase("/api/v1/streams", "Stream", "streams")]
    [TestCase("/api/v1/clients", "Client", "clients")]
    [TestCase("/api/v1/streams/live/a%20%22x%22%3Cy%3E", "Stream", "")]
    public void Answers_are_as_openapi_json_describes_them(string path, string schema, string list)
    {
        var described = _control.Json("/api/v1/openapi.json").GetProperty("components")
            .GetProperty("schemas").GetProperty(schema);
        var answer = _control.Json(path);
        JsonElement[] items = list.Length == 0
            ? [answer]
            : [.. answer.GetProperty(list).EnumerateArray()];

        Assert.That(items, Is.Not.Empty);
        foreach (var item in items)
            AssertFits(item, described, schema);
    }

    [Test]
    public void Every_path_of_openapi_json_is_served()
    {
        foreach (var path in _control.Json("/api/v1/openapi.json").GetProperty("paths")
            .EnumerateObject())
        {
            foreach (var method in path.Value.EnumerateObject().Select(each => each.Name))
            {
                if (method == "parameters")
                    continue;
                var asked = path.Name.Replace("{app}", "no").Replace("{name}", "no")
                    .Replace("{id}", "999");
                var answer = _control.Ask(asked, method.ToUpperInvariant());
                Assert.That(answer.Status, Is.AnyOf(200, 400, 404), $"{method} {asked}");
                Assert.That(answer.Headers["Content-Type"], Is.EqualTo("application/json"));
            }
        }
    }

    [Test]
    public void A_stream_tells_what_it_is()
    {
        var stream = _control.Json("/api/v1/streams/live/a%20%22x%22%3Cy%3E");

        Assert.That(stream.GetProperty("codecs").GetProperty("video").GetString(),
            Is.EqualTo("H264"));
        Assert.That(stream.GetProperty("players").GetInt32(), Is.EqualTo(1));
        Assert.That(stream.GetProperty("live").GetBoolean());
        Assert.That(stream.GetProperty("fps").GetDouble(), Is.InRange(24, 26));
        Assert.That(stream.GetProperty("publisher").GetProperty("address").GetString(),
            Does.StartWith("127.0.0.1:"));
        Assert.That(stream.GetProperty("gop_seconds").GetDouble(), Is.EqualTo(0.04));
        Assert.That(stream.GetProperty("timestamps_repaired").GetInt32(), Is.Zero);
    }

    [Test]
    public void A_stream_tells_who_watches_and_how_far_each_is_behind()
    {
        var slow = _server.Play("a \"x\"<y>");
        using var viewer = new HttpPeer(_server);
        viewer.Get("/live/a%20%22x%22%3Cy%3E.flv");
        slow.Socket.Room = 0;
        for (var i = 50; i < 75; i++)
        {
            _publisher.Key((uint)(i * 40));
            viewer.Turn(40);
        }
        _publisher.Key(60_000);                 // a leap
        _server.Turn(40);

        var document = _control.Json("/api/v1/openapi.json");
        var stream = _control.Json("/api/v1/streams/live/a%20%22x%22%3Cy%3E");
        Assert.That(stream.GetProperty("timestamps_repaired").GetInt32(), Is.EqualTo(1));
        var watching = stream.GetProperty("watching").EnumerateArray().ToList();
        var schemas = document.GetProperty("components").GetProperty("schemas");
        watching.ForEach(each => AssertFits(each, schemas.GetProperty("Watching"), "Watching"));
        Assert.That(
            watching.Select(each => each.GetProperty("protocol").GetString()),
            Is.EquivalentTo(new[] { "rtmp", "rtmp", "http" }));
        Assert.That(
            watching.Count(each => each.GetProperty("lag_ms").GetInt64() >= 1000), Is.EqualTo(1));
        Assert.That(watching.Select(each => each.GetProperty("dropped").GetInt64()), Is.All.Zero);
    }

    [TestCase("", 4, 4)]                        // who asks is one of them
    [TestCase("?limit=3", 3, 4)]
    [TestCase("?match=PLAYER&limit=1", 1, 2)]
    [TestCase("?match=player%20live%2Fwaiting", 1, 1)]
    [TestCase("?match=player%20nobody", 0, 0)]
    public void Some_clients_are_shown_and_all_are_counted(string query, int shown, int total)
    {
        var answer = _control.Json($"/api/v1/clients{query}");

        Assert.That(answer.GetProperty("clients").GetArrayLength(), Is.EqualTo(shown));
        Assert.That(answer.GetProperty("total").GetInt32(), Is.EqualTo(total));
    }

    [TestCase("", "a,waiting", 2)]
    [TestCase("?limit=1", "a", 2)]
    [TestCase("?offset=1", "waiting", 2)]
    [TestCase("?offset=1&limit=1", "waiting", 2)]
    [TestCase("?offset=2", "", 2)]
    [TestCase("?match=LIVE%2Fwait", "waiting", 1)]
    [TestCase("?match=h264", "a", 1)]
    public void Some_streams_are_shown_and_all_are_counted(string query, string shown, int total)
    {
        var answer = _control.Json($"/api/v1/streams{query}");
        var names = answer.GetProperty("streams").EnumerateArray()
            .Select(stream => stream.GetProperty("name").GetString()!.Split(' ')[0]);

        Assert.That(string.Join(',', names), Is.EqualTo(shown));
        Assert.That(answer.GetProperty("total").GetInt32(), Is.EqualTo(total));
    }

    [Test]
    public void Pages_of_clients_are_all_of_them()
    {
        var all = Ids("");

        Assert.That(all, Has.Count.EqualTo(4));
        Assert.That(
            (string[])[.. Ids("?limit=2").Take(2), .. Ids("?offset=2&limit=1").Take(1)],
            Is.EqualTo(all.Take(3)));

        List<string> Ids(string query) => [.. _control.Json($"/api/v1/clients{query}")
            .GetProperty("clients").EnumerateArray()
            .Select(client => client.GetProperty("id").GetString()!)];
    }

    [TestCase("limit=0", "a number from 1 to 10000")]
    [TestCase("limit=10001", "a number from 1 to 10000")]
    [TestCase("limit=-1", "a number from 1 to 10000")]
    [TestCase("limit=all", "a number from 1 to 10000")]
    [TestCase("offset=-1", "a number from 0 to 2147483647")]
    public void A_bound_that_is_none_is_refused(string query, string said)
    {
        foreach (var list in new[] { "clients", "streams" })
        {
            var answer = _control.Ask($"/api/v1/{list}?{query}");

            Assert.That(answer.Status, Is.EqualTo(400));
            Assert.That(answer.Text, Does.Contain(said));
        }
    }

    [Test]
    public void A_publisher_and_a_client_are_ended()
    {
        var clients = _control.Json("/api/v1/clients").GetProperty("clients").EnumerateArray();
        var player = clients.First(client => client.GetProperty("role").GetString() == "player");
        var id = player.GetProperty("id").GetString();

        Assert.That(_control.Ask($"/api/v1/clients/{id}", "DELETE").Status, Is.EqualTo(204));
        Assert.That(
            _control.Ask("/api/v1/streams/live/a%20%22x%22%3Cy%3E", "DELETE").Status,
            Is.EqualTo(204));
        Assert.That(_server.Server.PublisherCount, Is.Zero);
        Assert.That(_server.Server.PlayerCount, Is.EqualTo(1));
        _server.Turns(3, eachMs: 1000);
        Assert.That(_publisher.Socket.IsClosed);
    }

    [TestCase("/api/v1/clients/999")]
    [TestCase("/api/v1/clients/-1")]
    [TestCase("/api/v1/clients/99999999999999999999")]
    [TestCase("/api/v1/clients/1x")]
    [TestCase("/api/v1/streams/live/waiting")]
    [TestCase("/api/v1/streams/live")]
    [TestCase("/api/v1/streams/")]
    public void Who_is_not_there_cannot_be_ended(string path) =>
        Assert.That(_control.Ask(path, "DELETE").Status, Is.EqualTo(404));

    [Test]
    public void NOALBS_reads_its_bitrate_in_the_XML_of_nginx_rtmp()
    {
        var answer = _control.Ask("/stat");
        Assert.That(answer.Headers["Content-Type"], Is.EqualTo("text/xml"));
        var application = XDocument.Parse(answer.Text).Root!.Element("server")!
            .Elements("application").Single(app => app.Element("name")!.Value == "live");
        var stream = application.Element("live")!.Elements("stream")
            .Single(each => each.Element("name")!.Value == "a \"x\"<y>");

        Assert.That((long)stream.Element("bw_video")!, Is.InRange(18_000, 22_000), "bits a second");
        Assert.That((long)stream.Element("nclients")!, Is.EqualTo(2));
        Assert.That(stream.Element("publishing"), Is.Not.Null);
        Assert.That(stream.Element("meta")!.Element("video")!.Element("codec")!.Value,
            Is.EqualTo("H264"));
        Assert.That(stream.Elements("client").Count(each => each.Element("publishing") is not null),
            Is.EqualTo(1));
    }

    [Test]
    public void The_same_is_to_be_had_in_JSON()
    {
        var root = _control.Json("/stat?format=json").GetProperty("http-flv");
        var application = root.GetProperty("servers")[0].GetProperty("applications")
            .EnumerateArray().Single(app => app.GetProperty("name").GetString() == "live");
        var stream = application.GetProperty("live").GetProperty("streams")
            .EnumerateArray().Single(each => each.GetProperty("name").GetString() == "a \"x\"<y>");

        Assert.That(stream.GetProperty("bw_video").GetInt64(), Is.InRange(18_000, 22_000));
        Assert.That(stream.GetProperty("publishing").GetBoolean());
        Assert.That(stream.GetProperty("clients").GetArrayLength(), Is.EqualTo(2));
    }

    [TestCase("/control/drop/publisher?app=live", 200, "1")]
    [TestCase("/control/drop/subscriber?app=live&name=waiting", 200, "1")]
    [TestCase("/control/drop/client?app=live&addr=127.0.0.1", 200, "3")]
    [TestCase("/control/drop/client?app=other", 200, "0")]
    [TestCase("/control/drop/client?app=live&clientid=999", 200, "0")]
    [TestCase("/control/drop/client", 400, "app")]
    [TestCase("/control/drop/everything?app=live", 404, "")]
    public void Nginx_rtmps_drop_says_how_many(string path, int status, string said)
    {
        var answer = _control.Ask(path);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Text, Does.Contain(said));
    }

    [Test]
    public void Metrics_are_text_that_Prometheus_reads()
    {
        var answer = _control.Ask("/metrics");
        var types = new Dictionary<string, string>();
        foreach (var line in answer.Text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE "))
                types.Add(line.Split(' ')[2], line.Split(' ')[3]);
            else if (!line.StartsWith('#'))
                AssertSample(line, types);
        }

        Assert.That(answer.Headers["Content-Type"], Does.StartWith("text/plain; version=0.0.4"));
        Assert.That(answer.Text, Does.Contain(
            "reactor_stream_players{app=\"live\",name=\"a \\\"x\\\"<y>\"} 1\n"));
        Assert.That(answer.Text, Does.Contain("reactor_loop_turn_seconds_bucket{le=\"+Inf\"} "));
        Assert.That(types["reactor_loop_turn_seconds"], Is.EqualTo("histogram"));
        Assert.That(types["reactor_loop_turn_events"], Is.EqualTo("histogram"));
        Assert.That(
            Value(answer, "reactor_loop_turn_events_bucket{le=\"+Inf\"}"),
            Is.EqualTo(Value(answer, "reactor_loop_turn_events_count")).And.GreaterThan(50));
        Assert.That(
            Value(answer, "reactor_loop_turn_events_bucket{le=\"500\"}"),
            Is.EqualTo(Value(answer, "reactor_loop_turn_events_count")));
    }

    [Test]
    public void Relays_are_counted_by_direction()
    {
        _control.Ask(
            "/control/push?oper=start&app=live&name=waiting&url=rtmp://203.0.113.9/live/b");
        _control.Ask("/control/pull?oper=start&app=live&name=b&url=rtmp://203.0.113.9/live/b");
        _server.Turns(3, eachMs: 100);
        var answer = _control.Ask("/metrics");

        Assert.Multiple(() =>
        {
            Assert.That(Value(answer, "reactor_relays{kind=\"push\"}"), Is.EqualTo(1));
            Assert.That(Value(answer, "reactor_relays{kind=\"pull\"}"), Is.EqualTo(1));
            Assert.That(Value(answer, "reactor_relays_running{kind=\"pull\"}"), Is.Zero);
            Assert.That(Value(answer, "reactor_relay_attempts_total{kind=\"push\"}"), Is.Zero);
            Assert.That(
                Value(answer, "reactor_relay_attempts_total{kind=\"pull\"}"), Is.EqualTo(1));
            Assert.That(
                Value(answer, "reactor_relay_failures_total{kind=\"pull\"}"), Is.EqualTo(1));
        });
    }

    private static double Value(Http.Answered answer, string sample)
    {
        var line = answer.Text.Split('\n').Single(each => each.StartsWith(sample + " "));
        return double.Parse(line[(sample.Length + 1)..], CultureInfo.InvariantCulture);
    }

    private static void AssertSample(string line, Dictionary<string, string> types)
    {
        var name = line[..line.IndexOfAny(['{', ' '])];
        var family = types.ContainsKey(name)
            ? name
            : name[..name.LastIndexOf('_')];        // _bucket, _sum, _count
        Assert.That(types.Keys, Does.Contain(family), line);
        Assert.That(double.TryParse(line[(line.LastIndexOf(' ') + 1)..], out _), line);
    }

    internal static void AssertFits(JsonElement value, JsonElement schema, string where)
    {
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var member in value.EnumerateObject())
            {
                var place = $"{where}.{member.Name}";
                Assert.That(properties.TryGetProperty(member.Name, out var inner), place);
                AssertFits(member.Value, inner, place);
            }
        }
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
                Assert.That(value.TryGetProperty(name.GetString()!, out _), $"{where} has {name}");
        }
        Assert.That(value.ValueKind, Is.AnyOf(schema.GetProperty("type").GetString() switch
        {
            "string" => [JsonValueKind.String],
            "boolean" => [JsonValueKind.True, JsonValueKind.False],
            "object" => [JsonValueKind.Object],
            "array" => [JsonValueKind.Array],
            _ => new object[] { JsonValueKind.Number },
        }), where);
    }
}
