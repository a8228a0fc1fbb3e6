using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Authorisation;

/// <summary>Whether somebody may, and upon which stream.</summary>
/// <param name="Key">The stream's public name: a room's, or what a hook has renamed it to.</param>
/// <param name="Refusal">Why not; null when it is allowed.</param>
internal readonly record struct Verdict(StreamKey Key, Refusal? Refusal);
