using System;
using System.CommandLine;
using Reactor.Load;

try
{
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
    return CommandLine.Make().Parse(args).Invoke(configuration);
}
catch (InvalidOperationException failed)
{
    Console.Error.WriteLine($"load: {failed.Message}");
    return 1;
}
