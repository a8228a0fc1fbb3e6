using NLog;
using Reactor.Transport;

namespace Reactor;

/// <summary>Says when turns of the loop take long: once a second at most.</summary>
/// <param name="loop">Whose turns.</param>
/// <param name="warnMs">What is long; 0 to say nothing.</param>
internal sealed class StallWatch(EventLoop loop, long warnMs)
{
    private const int WarmTurns = 1000;
    private const int QuietMs = 1000;

    private static readonly Logger Log = LogManager.GetLogger("server");

    private long _saidMs = -QuietMs;
    private long _longestMs;
    private int _turns;

    /// <summary>To be called after each turn.</summary>
    public void EndTurn()
    {
        if (warnMs > 0 && loop.BusyMs > warnMs)
        {
            _turns++;
            _longestMs = long.Max(_longestMs, loop.BusyMs);
        }
        if (_turns == 0 || loop.NowMs - _saidMs < QuietMs)
            return;
        // The first turns through new code wait for its compilation; that is no news.
        var level = loop.Turns < WarmTurns ? LogLevel.Debug : LogLevel.Warn;
        if (_turns == 1)
            Log.Log(level, "a turn of the loop took {Milliseconds} ms", _longestMs);
        else
            Log.Log(level, "{Turns} turns took up to {Milliseconds} ms", _turns, _longestMs);
        _saidMs = loop.NowMs;
        _longestMs = _turns = 0;
    }
}
