using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Reactor.Load.Measures;

/// <summary>Reads what Linux counts of a process: processor time and memory.</summary>
internal sealed class ProcessMeter(int pid)
{
    // USER_HZ: what /proc counts in, whatever the kernel's own clock.
    private const double TicksPerSecond = 100;
    private const StringSplitOptions Words = StringSplitOptions.RemoveEmptyEntries;
    private const int UserField = 11;
    private const int SystemField = 12;

    /// <summary>Processor seconds so far, of all its threads, kernel included.</summary>
    public double CpuSeconds
    {
        get
        {
            // The second field is a name in parentheses, which may hold anything.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (Number(fields[UserField]) + Number(fields[SystemField])) / TicksPerSecond;
        }
    }

    /// <summary>Processor seconds so far of everybody on the machine.</summary>
    public static double MachineCpuSeconds
    {
        get
        {
            // cpu  user nice system idle iowait irq softirq steal ...
            var ticks = File.ReadLines("/proc/stat").First().Split(' ', Words);
            int[] busy = [1, 2, 3, 6, 7];
            return busy.Sum(column => Number(ticks[column])) / TicksPerSecond;
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

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
