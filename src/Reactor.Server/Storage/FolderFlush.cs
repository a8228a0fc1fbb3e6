using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Reactor.Server.Storage;

/// <summary>Makes the names in a folder outlast a power failure (fsync of the folder).</summary>
/// <remarks>
/// .NET opens no folders, so on Linux the system is asked itself; elsewhere a rename lasts when
/// the file system says so.
/// </remarks>
internal static partial class FolderFlush
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = Open(folder, ReadOnly | CloseOnExec);
        if (descriptor < 0)
            throw Failed();
        try
        {
            if (Synchronise(descriptor) < 0)
                throw Failed();
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed()
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronise(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
