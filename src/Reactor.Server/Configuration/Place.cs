namespace Reactor.Server.Configuration;

/// <summary>Where a setting was written.</summary>
/// <param name="Source">A file, or a word such as <c>--set</c>.</param>
/// <param name="Line">From 1; 0 where there are no lines.</param>
/// <param name="Column">From 1, in characters.</param>
public readonly record struct Place(string Source, int Line = 0, int Column = 0)
{
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
