namespace Reactor;

/// <summary>What the process tells its parent; scripts and units rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The configuration or the command line is wrong.</summary>
    public const int Configuration = 1;

    public const int CannotBind = 2;

    public const int AlreadyRunning = 3;

    /// <summary>We are wrong (EX_SOFTWARE of sysexits).</summary>
    public const int Internal = 70;
}
