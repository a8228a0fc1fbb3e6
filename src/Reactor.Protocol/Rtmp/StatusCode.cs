namespace Reactor.Protocol.Rtmp;

/// <summary>The codes of onStatus and connect that clients know (S1, S5.10).</summary>
public static class StatusCode
{
    public const string ConnectSuccess = "NetConnection.Connect.Success";
    public const string ConnectRejected = "NetConnection.Connect.Rejected";
    public const string ConnectInvalidApp = "NetConnection.Connect.InvalidApp";
    public const string ConnectAppShutdown = "NetConnection.Connect.AppShutdown";
    public const string CallFailed = "NetConnection.Call.Failed";
    public const string StreamFailed = "NetStream.Failed";
    public const string PublishStart = "NetStream.Publish.Start";
    public const string PublishDenied = "NetStream.Publish.Denied";
    public const string PublishBadName = "NetStream.Publish.BadName";
    public const string PublishIdle = "NetStream.Publish.Idle";
    public const string UnpublishSuccess = "NetStream.Unpublish.Success";
    public const string PlayReset = "NetStream.Play.Reset";
    public const string PlayStart = "NetStream.Play.Start";
    public const string PlayStop = "NetStream.Play.Stop";
    public const string PlayFailed = "NetStream.Play.Failed";
    public const string PlayStreamNotFound = "NetStream.Play.StreamNotFound";
    public const string PlayPublishNotify = "NetStream.Play.PublishNotify";
    public const string PlayUnpublishNotify = "NetStream.Play.UnpublishNotify";
    public const string PauseNotify = "NetStream.Pause.Notify";
    public const string UnpauseNotify = "NetStream.Unpause.Notify";
    public const string PlayComplete = "NetStream.Play.Complete";
    public const string SeekFailed = "NetStream.Seek.Failed";
    public const string SeekNotify = "NetStream.Seek.Notify";
    public const string RecordStart = "NetStream.Record.Start";
    public const string RecordStop = "NetStream.Record.Stop";
    public const string RecordFailed = "NetStream.Record.Failed";
    public const string DataStart = "NetStream.Data.Start";
}
