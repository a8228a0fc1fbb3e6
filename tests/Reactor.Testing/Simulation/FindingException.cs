using System;

namespace Reactor.Testing.Simulation;

/// <summary>A sentence that should hold in every world, and does not in this one.</summary>
public sealed class FindingException : Exception
{
    public FindingException(string sentence, string detail)
        : base($"{sentence}: {detail}")
    {
        Sentence = sentence;
    }

    public FindingException()
        : this("", "")
    {
    }

    public FindingException(string message)
        : this(message, "")
    {
    }

    public FindingException(string message, Exception inner)
        : base(message, inner)
    {
        Sentence = message;
    }

    /// <summary>Which promise was broken.</summary>
    public string Sentence { get; }
}
