using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Rtmp;

/// <summary>Writes the commands that a server sends: answers, statuses, events.</summary>
internal sealed class RtmpReplies(RtmpLink link)
{
    private const int BodyBytesMax = 8192;
    private const int TextMax = 1024;
    private const uint CanForward = 4;          // FourCcInfoMask of Enhanced RTMP v2
    private const double CapsExForwarded = 2 + 4 + 8;   // multitrack, ModEx, its nanoseconds

    /// <summary>Fills in one command body.</summary>
    private delegate void Fill(ref Amf0Writer body);

    /// <summary>Accepts connect (S1.19); Enhanced RTMP is answered to those who speak it.</summary>
    /// <remarks>
    /// We decode nothing and forward every codec, multitrack and ModEx unchanged, so that is what
    /// is told: "*" can be forwarded. Servers differ in where clients look, so it stands in both
    /// objects.
    /// </remarks>
    public void ConnectSuccess(
        double transaction, string fmsVersion, double capabilities, double encoding, bool enhanced)
    {
        Command(RtmpLink.CommandChunkStream, 0, (ref Amf0Writer body) =>
        {
            body.String("_result");
            body.Number(transaction);
            body.BeginObject();
            body.Member("fmsVer", fmsVersion);
            body.Member("capabilities", capabilities);
            body.Member("mode", 1.0);
            if (enhanced)
                Enhanced(ref body);
            body.EndObject();
            body.BeginObject();
            Info(ref body, "status", StatusCode.ConnectSuccess, "Connection succeeded.");
            body.Member("objectEncoding", encoding);
            if (enhanced)
                Enhanced(ref body);
            body.EndObject();
        });
    }

    /// <summary>_error with an information object.</summary>
    public void Error(double transaction, string code, string description)
    {
        Command(RtmpLink.CommandChunkStream, 0, (ref Amf0Writer body) =>
        {
            body.String("_error");
            body.Number(transaction);
            body.Null();
            body.BeginObject();
            Info(ref body, "error", code, description);
            body.EndObject();
        });
    }

    /// <summary>_result with a number, or with nothing.</summary>
    public void Result(double transaction, double? value)
    {
        Command(RtmpLink.CommandChunkStream, 0, (ref Amf0Writer body) =>
        {
            body.String("_result");
            body.Number(transaction);
            body.Null();
            if (value is { } number)
                body.Number(number);
            else
                body.Undefined();
        });
    }

    /// <summary>onStatus of a stream (S1.25).</summary>
    public void Status(uint streamId, string level, string code, string description) =>
        Event("onStatus", 0, streamId, level, code, description);

    /// <summary>
    /// An event with an information object: onStatus, onFCPublish, onFCSubscribe.
    /// </summary>
    public void Event(
        string name, double transaction, uint streamId, string level, string code, string text)
    {
        var chunkStream = streamId == 0
            ? RtmpLink.CommandChunkStream
            : RtmpLink.StatusChunkStream;
        Command(chunkStream, streamId, (ref Amf0Writer body) =>
        {
            body.String(name);
            body.Number(transaction);
            body.Null();
            body.BeginObject();
            Info(ref body, level, code, text);
            body.EndObject();
        });
    }

    /// <summary>A call without arguments that wants no answer.</summary>
    public void Call(string name)
    {
        Command(RtmpLink.CommandChunkStream, 0, (ref Amf0Writer body) =>
        {
            body.String(name);
            body.Number(0);
            body.Null();
        });
    }

    /// <summary>|RtmpSampleAccess: the player may look at pictures and sound.</summary>
    public void SampleAccess(uint streamId)
    {
        Data(streamId, (ref Amf0Writer body) =>
        {
            body.String("|RtmpSampleAccess");
            body.Boolean(true);
            body.Boolean(true);
        });
    }

    /// <summary>onPlayStatus: a recording has been sent to its end.</summary>
    public void PlayComplete(uint streamId, double seconds, double bytes)
    {
        Data(streamId, (ref Amf0Writer body) =>
        {
            body.String("onPlayStatus");
            body.BeginObject();
            body.Member("level", "status");
            body.Member("code", StatusCode.PlayComplete);
            body.Member("duration", seconds);
            body.Member("bytes", bytes);
            body.EndObject();
        });
    }

    public void DataStart(uint streamId)
    {
        Data(streamId, (ref Amf0Writer body) =>
        {
            body.String("onStatus");
            body.BeginObject();
            body.Member("code", StatusCode.DataStart);
            body.EndObject();
        });
    }

    private static void Info(ref Amf0Writer body, string level, string code, string description)
    {
        body.Member("level", level);
        body.Member("code", code);
        body.Member(
            "description", description.Length > TextMax ? description[..TextMax] : description);
    }

    private static void Enhanced(ref Amf0Writer body)
    {
        body.Key("fourCcList");
        body.BeginStrictArray(1);
        body.String("*");
        foreach (var map in (string[])["videoFourCcInfoMap", "audioFourCcInfoMap"])
        {
            body.Key(map);
            body.BeginObject();
            body.Member("*", (double)CanForward);
            body.EndObject();
        }
        body.Member("capsEx", CapsExForwarded);
    }

    private void Command(uint chunkStream, uint streamId, Fill fill) =>
        Send(chunkStream, MessageType.Command, streamId, fill);

    private void Data(uint streamId, Fill fill) =>
        Send(RtmpLink.StatusChunkStream, MessageType.Data, streamId, fill);

    private void Send(uint chunkStream, MessageType type, uint streamId, Fill fill)
    {
        var scratch = link.Pool.Rent(BodyBytesMax);
        var body = new Amf0Writer(scratch.Free);
        fill(ref body);
        scratch.Advance(body.Length);
        link.Send(chunkStream, type, streamId, scratch.Written);
        scratch.Release();
    }
}
