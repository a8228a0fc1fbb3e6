using System.Buffers;

namespace Reactor.Server.Control;

/// <summary>Where answers about everything are written, one after another.</summary>
/// <remarks>
/// Of a thousand streams they have a megabyte: to set that aside anew for each, doubling again and
/// again, took as long as writing it. What an answer holds is copied before the next one begins.
/// </remarks>
internal sealed class AnswerBuffer
{
    private const int KeptBytesMax = 4 << 20;

    private ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Empty, and borrowed until the next call.</summary>
    public ArrayBufferWriter<byte> Begin()
    {
        if (_bytes.Capacity > KeptBytesMax)
            _bytes = new ArrayBufferWriter<byte>();
        _bytes.ResetWrittenCount();
        return _bytes;
    }
}
