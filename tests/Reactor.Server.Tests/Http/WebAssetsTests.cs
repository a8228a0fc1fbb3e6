using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Http;

namespace Reactor.Server.Tests.Http;

/// <summary>The pages as the HTTP side finds them, with files of the test's own.</summary>
[TestFixture]
public sealed class WebAssetsTests
{
    private readonly Dictionary<string, string> _files = new()
    {
        ["index.html"] = "the player",
        ["index.html.gz"] = "the player, smaller",
        ["console.html"] = "the console",
        ["assets/player-AB23CD45.js"] = "play()",
        ["assets/player-style-AB23CD45.css"] = "body {}",
        ["assets/player-AB23CD45.js.LEGAL.txt"] = "licences",
        ["assets/icon.svg"] = "<svg/>",
    };

    private int _opened;

    [TestCase("/", "the player")]
    [TestCase("/player", "the player")]
    [TestCase("/console", "the console")]
    [TestCase("/index.html", "the player")]
    [TestCase("/assets/icon.svg", "<svg/>")]
    public void A_path_leads_to_its_file(string path, string content)
    {
        var asset = Assets().Find(path);

        Assert.That(asset, Is.Not.Null);
        Assert.That(Encoding.UTF8.GetString(asset.Bytes.Span), Is.EqualTo(content));
        Assert.That(asset.Status, Is.EqualTo(200));
    }

    [TestCase("")]
    [TestCase("index.html")]
    [TestCase("/index.html.gz")]
    [TestCase("/assets")]
    [TestCase("/assets/")]
    [TestCase("/assets/../index.html")]
    [TestCase("//index.html")]
    [TestCase("/live/a.flv")]
    public void Nothing_lies_elsewhere(string path) =>
        Assert.That(Assets().Find(path), Is.Null);

    [TestCase("/", "text/html; charset=utf-8")]
    [TestCase("/assets/player-AB23CD45.js", "text/javascript; charset=utf-8")]
    [TestCase("/assets/player-style-AB23CD45.css", "text/css; charset=utf-8")]
    [TestCase("/assets/icon.svg", "image/svg+xml")]
    public void A_type_follows_the_ending(string path, string type) =>
        Assert.That(Assets().Find(path)!.ContentType, Is.EqualTo(type));

    [TestCase("/assets/player-AB23CD45.js", true)]
    [TestCase("/assets/player-style-AB23CD45.css", true)]
    [TestCase("/assets/icon.svg", false)]
    [TestCase("/", false)]
    public void Only_a_name_with_a_hash_may_be_kept_unasked(string path, bool isKept)
    {
        var expected = isKept ? "public, max-age=31536000, immutable" : "no-cache";
        Assert.That(Assets().Find(path)!.CacheControl, Is.EqualTo(expected));
    }

    [Test]
    public void The_compressed_copy_is_another_representation_with_a_tag_of_its_own()
    {
        var asset = Assets().Find("/")!;

        Assert.That(asset.Gzip.Length, Is.EqualTo("the player, smaller".Length));
        Assert.That(asset.ETag, Does.Match("^\"[0-9a-f]{20}\"$"));
        Assert.That(asset.GzipETag, Does.Match("^\"[0-9a-f]{20}-gzip\"$"));
    }

    [Test]
    public void A_file_without_a_compressed_copy_has_none() =>
        Assert.That(Assets().Find("/console")!.Gzip.IsEmpty, Is.True);

    [Test]
    public void A_tag_follows_the_content_alone()
    {
        var before = Assets().Find("/")!.ETag;
        _files["console.html"] = "another console";
        Assert.That(Assets().Find("/")!.ETag, Is.EqualTo(before));

        _files["index.html"] = "the player!";
        Assert.That(Assets().Find("/")!.ETag, Is.Not.EqualTo(before));
    }

    [Test]
    public void A_file_is_read_when_it_is_asked_for_and_once()
    {
        var assets = Assets();
        var asset = assets.Find("/")!;
        Assert.That(_opened, Is.Zero);

        _ = asset.Gzip;
        _ = asset.Gzip;
        _ = assets.Find("/")!.Gzip;
        Assert.That(_opened, Is.EqualTo(1));
    }

    [Test]
    public void Without_pages_the_server_says_what_is_missing()
    {
        _files.Clear();
        var assets = Assets();
        var page = assets.Find("/")!;

        Assert.That(assets.AreBuilt, Is.False);
        Assert.That(page.Status, Is.EqualTo(503));
        Assert.That(page.ContentType, Does.StartWith("text/html"));
        Assert.That(Encoding.UTF8.GetString(page.Bytes.Span), Does.Contain("tools/web.sh"));
        Assert.That(assets.Find("/console"), Is.SameAs(page));
        Assert.That(assets.Find("/assets/icon.svg"), Is.Null);
    }

    [Test]
    public void What_is_embedded_is_whole_or_not_there_at_all()
    {
        var assets = WebAssets.Embedded();

        var pages = new[] { "/", "/console" }.Select(path => assets.Find(path)!);
        Assert.That(
            pages.Select(page => page.Status), Is.All.EqualTo(assets.AreBuilt ? 200 : 503));
        Assert.That(pages.Select(page => page.Bytes.Length), Is.All.GreaterThan(0));
    }

    private WebAssets Assets() => new(_files.Keys, name =>
    {
        _opened++;
        return new MemoryStream(Encoding.UTF8.GetBytes(_files[name]));
    });
}
