using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Reactor.Primitives;

/// <summary>
/// Assertions that stay on in release builds: a broken one means that we are wrong.
/// </summary>
public static class Invariant
{
    /// <summary>Throws unless <paramref name="condition"/> holds.</summary>
    /// <exception cref="InvariantException">
    /// The condition is false; its text is the message.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        if (!condition)
            Broken(text);
    }

    /// <summary>
    /// As <see cref="Holds"/>, for state that all connections share: the pool, the loop.
    /// </summary>
    /// <remarks>After such a fault nobody's bytes can be trusted, so it ends the process.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Vital(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        if (!condition)
            throw new InvariantException(text) { IsVital = true };
    }

    /// <summary>Says that a place was reached which no path leads to.</summary>
    [DoesNotReturn]
    public static void Broken(string text) => throw new InvariantException(text);
}

/// <summary>
/// The program broke a promise to itself; nothing that a peer sends may cause it.
/// </summary>
public sealed class InvariantException : Exception
{
    /// <summary>True where the broken state is everybody's, so that the process must end.</summary>
    public bool IsVital { get; init; }

    public InvariantException()
    {
    }

    public InvariantException(string message)
        : base(message)
    {
    }

    public InvariantException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
