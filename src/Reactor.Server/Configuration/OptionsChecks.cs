using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using Reactor.Server.Configuration.Schema;

namespace Reactor.Server.Configuration;

/// <summary>What no row of a table can see alone: keys that must fit one another.</summary>
/// <param name="options">As they were read.</param>
/// <param name="tree">Where each of them stands.</param>
/// <param name="errors">Hears what is wrong.</param>
internal sealed class OptionsChecks(ServerOptions options, ObjectNode tree, ConfigErrors errors)
{
    public void Run(Func<string, bool> hasFolder)
    {
        CheckListeners();
        CheckFolders(hasFolder);
        CheckStaticPulls();
        CheckRecorders();
        CheckSlicing();
        CheckMethods();
        CheckCluster();
    }

    /// <summary>A server that the others cannot reach would be alone, and seem to be well.
    /// </summary>
    private void CheckCluster()
    {
        var isReached = options.Cluster.Address is not null
            || (options.Rtmp.Listen is [var first, ..]
                && !first.EndPoint.Address.Equals(IPAddress.Any)
                && !first.EndPoint.Address.Equals(IPAddress.IPv6Any));
        if (options.Cluster.Redis is not null && !isReached)
            Add("cluster.redis", "expected cluster.address with it: how others reach this server");
    }

    private void CheckListeners()
    {
        var all = options.Rtmp.Listen.Select(address => ("rtmp.listen", address))
            .Concat(options.Http.Listen.Select(listen => ("http.listen", listen.Address)))
            .Concat(options.Rtmps.Listen.Select(address => ("rtmps.listen", address)))
            .Concat(options.Https.Listen.Select(listen => ("https.listen", listen.Address)))
            .Select(each => (Key: each.Item1, Address: each.Item2))
            .ToList();
        for (var i = 0; i < all.Count; i++)
        {
            var later = all[i];
            var earlier = all.Take(i).FirstOrDefault(it => it.Address.Overlaps(later.Address));
            if (earlier.Key is null)
                continue;
            // What somebody wrote is wrong, and not a default.
            var (wrong, other) = IsWritten(later.Key) ? (later, earlier) : (earlier, later);
            var owner = wrong.Key == other.Key ? "" : $" of {other.Key}";
            Add(wrong.Key,
                $"expected each port once; {wrong.Address.Text} overlaps {other.Address.Text}"
                    + owner);
        }
    }

    /// <summary>What is written into no folder would be missed only when it is needed.</summary>
    private void CheckFolders(Func<string, bool> hasFolder)
    {
        var root = options.Http.Static.Root;
        var isUsual = root == new StaticOptions().Root;     // which need not be there
        if (options.Http.Static.Enabled && !isUsual)
            Expect("http.static.root", root, root);
        if (options.Rooms is { Enabled: true, Store: RoomStore.File })
            Expect("rooms.file", options.Rooms.File, FolderOf(options.Rooms.File));
        if (options.Process.PidFile.Length > 0)
            Expect("process.pid_file", options.Process.PidFile, FolderOf(options.Process.PidFile));

        void Expect(string key, string found, string folder)
        {
            if (!hasFolder(folder))
                Add(key, $"expected a folder that is there; found \"{found}\"");
        }
    }

    private static string FolderOf(string file) =>
        Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : ".";

    /// <summary>A static pull is one stream: elsewhere than in one app it would be many.</summary>
    private void CheckStaticPulls()
    {
        foreach (var scope in Scopes())
        {
            var pulls = scope.Options.Pull;
            var isInherited = scope.Parent is { } parent && ReferenceEquals(pulls, parent.Pull);
            if (isInherited || scope.IsNamed || !pulls.Any(pull => pull.IsStatic))
                continue;
            Add($"{scope.Key}.pull",
                "expected a static pull in an app that is named, not in defaults or a pattern");
        }
    }

    /// <summary>What stands at the end of an MP4 file is its index: nothing goes behind it.
    /// </summary>
    private void CheckRecorders()
    {
        var said = new HashSet<string>();
        foreach (var scope in Scopes())
        {
            var key = Written(scope, "record");
            var isWrong = scope.Options.Record.Any(
                rule => rule is { RecordAppend: true, Format: not RecordFormat.Flv });
            if (isWrong && said.Add(key))
                Add(key, "expected record_append with format \"flv\" alone");
        }
    }

    /// <summary>Where parts are cut rests on what one server has measured.</summary>
    private void CheckSlicing()
    {
        var said = new HashSet<string>();
        foreach (var scope in Scopes())
        {
            var key = Written(scope, "hls.hls_fragment_slicing");
            var hls = scope.Options.Hls;
            var isWrong = hls.HlsFragmentSlicing == HlsSlicing.Aligned && hls.Type == HlsType.Ll;
            if (isWrong && said.Add(key))
                Add(key, "expected \"aligned\" with hls.type \"ts\" or \"fmp4\"");
        }
    }

    /// <summary>
    /// A way to show that one may, without what it is checked by, would let nobody in, and a hook
    /// that has no address everybody.
    /// </summary>
    private void CheckMethods()
    {
        var said = new HashSet<(string, string)>();
        foreach (var scope in Scopes())
        {
            // With apps the defaults are what they inherit, and no stream's own.
            if (scope.Parent is null && options.Apps is not null)
                continue;
            foreach (var (list, method, needed) in MissingOf(scope.Options))
            {
                var key = Written(scope, list);
                if (said.Add((key, needed)))
                    Add(key, $"\"{method}\" needs {needed}");
            }
        }
    }

    private IEnumerable<(string List, string Method, string Needed)> MissingOf(StreamOptions it)
    {
        foreach (var (list, methods) in new[]
        {
            ("publish", it.Auth.Publish), ("play", it.Auth.Play),
        })
        {
            if (methods.Contains(AuthMethod.None))
                continue;
            foreach (var method in methods)
            {
                var isPublish = list == "publish";
                var needed = method switch
                {
                    AuthMethod.Key when HasKey(isPublish ? it.Publish.Key : it.Play.Key) => "",
                    AuthMethod.Key => $"{list}.key",
                    AuthMethod.Room when isPublish && !options.Rooms.Enabled => "rooms.enabled",
                    AuthMethod.Sign when it.Auth.Sign.Secret.Length == 0 => "auth.sign.secret",
                    AuthMethod.Jwt => MissingOf(it.Auth.Jwt),
                    AuthMethod.Hook when UrlOf(it.Hooks, isPublish).Length == 0 =>
                        $"hooks.on_{list}",
                    _ => "",
                };
                if (needed.Length > 0)
                    yield return ($"auth.{list}", method.ToString().ToLowerInvariant(), needed);
            }
        }
    }

    private static string MissingOf(JwtOptions jwt)
    {
        var isShared = jwt.Algorithm is
            JwtAlgorithm.Hs256 or JwtAlgorithm.Hs384 or JwtAlgorithm.Hs512;
        var (name, value) = isShared ? ("secret", jwt.Secret) : ("public_key", jwt.PublicKey);
        return value.Length > 0 ? "" : $"auth.jwt.{name}";
    }

    private static string UrlOf(HooksOptions hooks, bool isPublish) =>
        isPublish ? hooks.OnPublish : hooks.OnPlay;

    private static bool HasKey(IReadOnlyList<string> keys) => keys.Any(key => key.Length > 0);

    /// <summary>The defaults, then each app, and behind it its streams.</summary>
    private IEnumerable<Scope> Scopes()
    {
        var defaults = new Scope("defaults", options.Defaults, null, IsNamed: false);
        yield return defaults;
        foreach (var app in options.Apps?.Rules ?? [])
        {
            var isNamed = !Glob.IsPattern(app.Pattern);
            var ofApp = new Scope($"apps.{app.Pattern}", app.Options, defaults, isNamed);
            yield return ofApp;
            foreach (var stream in app.Streams)
            {
                yield return new Scope(
                    $"{ofApp.Key}.streams.{stream.Pattern}", stream.Options, ofApp, isNamed);
            }
        }
    }

    /// <summary>Where a key of a scope was written: there, or where it is inherited from.</summary>
    private string Written(Scope scope, string name)
    {
        for (var each = scope; each is not null; each = each.From)
        {
            if (IsWritten($"{each.Key}.{name}"))
                return $"{each.Key}.{name}";
        }
        return $"{scope.Key}.{name}";
    }

    private void Add(string key, string problem)
    {
        Find(key, out var place);
        errors.Add(place, key, problem);
    }

    private bool IsWritten(string key) => Find(key, out _);

    /// <param name="key">A dotted path.</param>
    /// <param name="place">Where it stands, or else the innermost of its sections.</param>
    private bool Find(string key, out Place place)
    {
        place = default;
        ConfigNode? node = tree;
        foreach (var name in key.Split('.'))
        {
            if ((node as ObjectNode)?.Find(name) is not { } member)
                return false;
            place = member.Place;
            node = member.Value;
        }
        return true;
    }

    /// <summary>Where options of streams stand.</summary>
    /// <param name="Key">The path of the section.</param>
    /// <param name="Options">What holds there, all that is inherited included.</param>
    /// <param name="From">What it inherits from; null for the defaults.</param>
    /// <param name="IsNamed">It is one app, or in one.</param>
    private sealed record Scope(string Key, StreamOptions Options, Scope? From, bool IsNamed)
    {
        public StreamOptions? Parent => From?.Options;
    }
}
