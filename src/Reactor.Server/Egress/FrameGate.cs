using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>Which frames a player is given: audio at once, video from a keyframe on.</summary>
/// <remarks>Configurations are not for it to judge.</remarks>
internal struct FrameGate()
{
    private bool _isPaused;
    private bool _wantsAudio = true;
    private bool _wantsVideo = true;

    /// <summary>Whether video waits for a keyframe.</summary>
    public bool IsShut { get; set; } = true;

    /// <summary>Nothing passes while paused; afterwards the picture begins anew.</summary>
    public void Pause(bool isPaused)
    {
        _isPaused = isPaused;
        IsShut = true;
    }

    /// <summary>Leaves a track out, or takes it in again.</summary>
    public void Receive(FrameKind kind, bool isWanted)
    {
        if (kind == FrameKind.Audio)
        {
            _wantsAudio = isWanted;
            return;
        }
        _wantsVideo = isWanted;
        IsShut |= kind == FrameKind.Video;
    }

    /// <summary>Whether a frame passes; a keyframe opens the gate for those behind it.</summary>
    public bool Lets(in MediaFrame frame)
    {
        if (_isPaused)
            return false;
        switch (frame.Kind)
        {
            case FrameKind.Audio:
                return _wantsAudio;
            case FrameKind.Video when !_wantsVideo || (IsShut && !frame.IsKeyframe):
                return false;
            case FrameKind.Video:
                IsShut = false;
                return true;
            default:
                return true;
        }
    }
}
