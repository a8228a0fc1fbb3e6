using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

[TestFixture]
public sealed class ConfigFilesTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("reactor-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_glob_is_relative_to_the_main_file_and_its_files_come_by_name()
    {
        var conf = Directory.CreateDirectory(Path.Combine(_folder, "conf.d")).FullName;
        foreach (var name in new[] { "20.json", "10.json", "notes.txt" })
            File.WriteAllText(Path.Combine(conf, name), name);

        var files = ConfigFiles.Include(Path.Combine(_folder, "reactor.json"), "conf.d/*.json");

        var names = files.Select(file => Path.GetFileName(file.Name));
        Assert.That(names, Is.EqualTo(["10.json", "20.json"]));
    }

    [Test]
    public void A_glob_may_stand_for_nothing_but_a_name_may_not()
    {
        var main = Path.Combine(_folder, "reactor.json");

        Assert.That(ConfigFiles.Include(main, "absent/*.json"), Is.Empty);
        Assert.That(() => ConfigFiles.Include(main, "no.json"), Throws.InstanceOf<IOException>());
    }

    [Test]
    public void Number_and_size_of_files_are_bounded()
    {
        for (var i = 0; i < 65; i++)
            File.WriteAllText(Path.Combine(_folder, $"{i}.json"), "{}");
        var large = Path.Combine(_folder, "large");
        File.WriteAllBytes(large, new byte[(1024 * 1024) + 1]);

        Assert.That(() => ConfigFiles.Include(large, "*.json"), Throws.InstanceOf<IOException>());
        Assert.That(() => ConfigFiles.Load(large), Throws.InstanceOf<IOException>());
        File.WriteAllBytes(large, new byte[1024 * 1024]);
        Assert.That(ConfigFiles.Load(large).Utf8.Length, Is.EqualTo(1024 * 1024));
    }
}
