using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;

namespace Reactor.Server.Exec;

/// <summary>What a program prints, as lines of a bounded length and number.</summary>
/// <remarks>
/// Called by the threads that read it. What ends in a carriage return is a line that the next one
/// overwrites, such as ffmpeg's progress, and is left out. Where a URL of the arguments comes back
/// it is cut behind its host, for it may end in a key.
/// </remarks>
public sealed class ProgramOutput
{
    /// <summary>Lines that may come at once; ffmpeg begins with some forty.</summary>
    public const int LinesAtOnce = 100;

    /// <summary>Lines that may come each second after that.</summary>
    public const int LinesPerSecond = 10;

    /// <summary>Bytes of a line; what is longer is cut.</summary>
    public const int LineBytesMax = 500;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action<string> _write;
    private readonly List<(string Url, string Shown)> _masks = [];
    private double _allowed = LinesAtOnce;
    private long _countedAt;
    private long _leftOut;

    /// <param name="command">Whose arguments are masked.</param>
    /// <param name="time">For the rate.</param>
    /// <param name="write">Takes a line.</param>
    public ProgramOutput(ProgramCommand command, TimeProvider time, Action<string> write)
    {
        _time = time;
        _write = write;
        _countedAt = time.GetTimestamp();
        foreach (var argument in command.Arguments)
            Mask(argument);
        _masks.Sort((one, other) => other.Url.Length - one.Url.Length);
    }

    /// <summary>For one of its outputs: what joins its bytes to lines.</summary>
    public Pipe Open() => new(this);

    /// <summary>It prints no more.</summary>
    public void End()
    {
        lock (_lock)
            TellLeftOut();
    }

    private void Write(ReadOnlySpan<byte> bytes, bool isCut)
    {
        var line = Encoding.UTF8.GetString(bytes).TrimEnd();
        if (line.Length == 0)
            return;
        foreach (var (url, shown) in _masks)
            line = line.Replace(url, shown, StringComparison.Ordinal);
        lock (_lock)
        {
            Refill();
            if (_allowed < 1)
            {
                _leftOut++;
                return;
            }
            _allowed--;
            TellLeftOut();
            _write(isCut ? $"{line} ..." : line);
        }
    }

    private void Refill()
    {
        var now = _time.GetTimestamp();
        var seconds = _time.GetElapsedTime(_countedAt, now).TotalSeconds;
        _allowed = Math.Min(_allowed + (seconds * LinesPerSecond), LinesAtOnce);
        _countedAt = now;
    }

    private void TellLeftOut()
    {
        if (_leftOut > 0)
            _write($"({_leftOut} lines were left out)");
        _leftOut = 0;
    }

    private void Mask(string argument)
    {
        foreach (var part in argument.Split('|', ' ', '[', ']', '\'', '"'))
        {
            var scheme = part.IndexOf("://", StringComparison.Ordinal);
            var path = scheme < 0 ? -1 : part.IndexOf('/', scheme + 3);
            if (path < 0 || path + 1 == part.Length)
                continue;
            var start = scheme;
            while (start > 0 && char.IsAsciiLetterOrDigit(part[start - 1]))
                start--;
            var at = part.LastIndexOf('@', path, path - scheme);
            var host = part[(at < 0 ? scheme + 3 : at + 1)..path];
            _masks.Add((part[start..], $"{part[start..scheme]}://{host}/***"));
        }
    }

    /// <summary>One output: bytes in, lines out.</summary>
    public sealed class Pipe(ProgramOutput output)
    {
        private readonly byte[] _line = new byte[LineBytesMax];
        private int _length;
        private bool _isCut;
        private bool _hasReturned;

        public void Take(ReadOnlySpan<byte> bytes)
        {
            foreach (var letter in bytes)
            {
                if (letter == '\n')
                {
                    End();
                    continue;
                }
                if (_hasReturned)
                    Clear();                    // it is overwritten
                if (letter == '\r')
                    _hasReturned = true;
                else if (_length < LineBytesMax)
                    _line[_length++] = letter;
                else
                    _isCut = true;
            }
        }

        /// <summary>The line ends, or the output does.</summary>
        public void End()
        {
            output.Write(_line.AsSpan(0, _length), _isCut);
            Clear();
        }

        private void Clear()
        {
            _length = 0;
            _isCut = _hasReturned = false;
        }
    }
}
