using System;

namespace Reactor.Testing.Mp4;

/// <summary>A file of MP4 breaks a rule.</summary>
public sealed class Mp4Exception(string rule) : Exception(rule);
