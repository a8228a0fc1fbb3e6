using System;

namespace Reactor.Testing.Hls;

/// <summary>A transport stream or a playlist breaks a rule.</summary>
public sealed class TsException(string rule) : Exception(rule);
