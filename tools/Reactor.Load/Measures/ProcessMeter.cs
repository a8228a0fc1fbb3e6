using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Reactor.Load.Measures;

/// <summary>Reads what Linux counts of a process: processor time and memory.</summary>
internal sealed unsafe partial class ProcessMeter(int pid)
{
    // USER_HZ: what /proc counts in, whatever the kernel's own clock.
    private const double TicksPerSecond = 100;
    private const StringSplitOptions Words = StringSplitOptions.RemoveEmptyEntries;

    /// <summary>Processor seconds so far, of all its threads, kernel included.</summary>
    /// <remarks>/proc counts hundredths, which is a tenth of what a light load costs.</remarks>
    public double CpuSeconds
    {
        get
        {
            Span<long> time = stackalloc long[2];   // struct timespec: seconds, nanoseconds
            fixed (long* address = time)
            {
                if (GetTime(CpuClockOf(pid), address) < 0)
                    throw new InvalidOperationException($"process {pid} is gone");
            }
            return time[0] + (time[1] / 1e9);
        }
    }

    /// <summary>Processor seconds so far of everybody on the machine.</summary>
    /// <remarks>
    /// All that was not idle: work that comes as regularly as the clock's tick is counted by it
    /// far too often or hardly ever, idle time is measured.
    /// </remarks>
    public static double MachineCpuSeconds
    {
        get
        {
            // cpu0 user nice system idle iowait ...
            var cores = File.ReadLines("/proc/stat")
                .Where(line => line.StartsWith("cpu", StringComparison.Ordinal) && line[3] != ' ')
                .Select(line => line.Split(' ', Words)).ToList();
            var idle = cores.Sum(ticks => Number(ticks[4]) + Number(ticks[5])) / TicksPerSecond;
            return (cores.Count * Environment.TickCount64 / 1000.0) - idle;
        }
    }

    /// <summary>What the kernel holds for all TCP sockets of the machine, in KiB.</summary>
    public static long SocketKilobytes
    {
        get
        {
            const string name = "TCP:";
            const string column = "mem";
            var pageKilobytes = Environment.SystemPageSize / 1024;
            foreach (var line in File.ReadLines("/proc/net/sockstat"))
            {
                var words = line.Split(' ', Words);
                if (words[0] == name)
                    return Number(words[Array.IndexOf(words, column) + 1]) * pageKilobytes;
            }
            return 0;
        }
    }

    /// <summary>Resident memory in KiB.</summary>
    public long ResidentKilobytes
    {
        get
        {
            const string name = "VmRSS:";
            foreach (var line in File.ReadLines($"/proc/{pid}/status"))
            {
                if (line.StartsWith(name, StringComparison.Ordinal))
                    return Number(line[name.Length..].Replace("kB", "").Trim());
            }
            return 0;
        }
    }

    /// <summary>As clock_getcpuclockid makes it: every process has a clock of its own.</summary>
    private static int CpuClockOf(int pid) => (~pid << 3) | 2;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, long* time);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
