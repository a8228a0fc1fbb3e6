using System;
using System.IO;

namespace Reactor.Tests.Harness;

/// <summary>A film of ffmpeg's test sources: 25 pictures and one keyframe a second.</summary>
/// <remarks>Made at first use, once a run; FLV, so that a publisher can copy its packets.</remarks>
internal sealed class Film
{
    public const int FramesPerSecond = 25;
    public const int FramesInGop = 25;

    /// <summary>So many may be out of order where a film is cut off.</summary>
    public const int FramesReordered = 3;

    private const string Picture = "testsrc2=s=320x180:r=25";
    private const string Sound = "aevalsrc=sin(400*t*t):s=44100";   // no two packets alike

    private static readonly TemporaryFolder Folder = new();
    private readonly Lazy<Recording> _recording;
    private readonly Lazy<string> _path;

    private Film(string name, int seconds, params string[] arguments)
    {
        _path = new Lazy<string>(() => Make(name, seconds, arguments));
        _recording = new Lazy<Recording>(() => Ffmpeg.Record(_path.Value));
    }

    /// <summary>H.264 with two B-frames between references, and AAC.</summary>
    public static Film Usual { get; } = new(
        "usual", 6, ["-f", "lavfi", "-i", Picture, "-f", "lavfi", "-i", Sound, .. H264, .. Aac]);

    /// <summary>The same for a minute: long enough for whoever takes his time.</summary>
    public static Film Long { get; } = new(
        "long", 60, ["-f", "lavfi", "-i", Picture, "-f", "lavfi", "-i", Sound, .. H264, .. Aac]);

    public static Film AudioOnly { get; } = new(
        "audio", 6, ["-f", "lavfi", "-i", Sound, .. Aac]);

    public static Film WithMp3 { get; } = new(
        "mp3", 6,
        [
            "-f", "lavfi", "-i", Picture, "-f", "lavfi", "-i", Sound, .. H264,
            "-c:a", "libmp3lame", "-b:a", "64k",
        ]);

    public static Film VideoOnly { get; } = new(
        "video", 6, ["-f", "lavfi", "-i", Picture, .. H264]);

    /// <summary>20 Mbit/s of noise: frames of 100 kB and keyframes of several hundred.</summary>
    public static Film Heavy { get; } = new(
        "heavy", 4,
        [
            "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25,noise=alls=40:allf=t",
            "-f", "lavfi", "-i", Sound, .. H264,
            "-b:v", "20M", "-minrate", "20M", "-maxrate", "20M", "-bufsize", "10M", .. Aac,
        ]);

    public string Path => _path.Value;

    /// <summary>What a player that misses nothing receives.</summary>
    public Recording Recording => _recording.Value;

    private static string[] H264 =>
    [
        "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-pix_fmt", "yuv420p",
        "-g", $"{FramesInGop}", "-sc_threshold", "0",
    ];

    private static string[] Aac => ["-c:a", "aac", "-b:a", "64k"];

    /// <summary>Called when the run is over.</summary>
    public static void Forget() => Folder.Dispose();

    private static string Make(string name, int seconds, string[] arguments)
    {
        var path = System.IO.Path.Combine(Folder.Path, name + ".flv");
        Ffmpeg.Run([.. arguments, "-t", $"{seconds}", "-f", "flv", path]);
        return File.Exists(path) ? path : throw new FileNotFoundException(path);
    }
}
