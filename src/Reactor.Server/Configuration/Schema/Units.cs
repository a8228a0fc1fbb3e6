using System;
using System.Collections.Generic;
using Reactor.Server.Storage;

namespace Reactor.Server.Configuration.Schema;

/// <summary>The units that keys are given in, by the names that the tables of keys use.</summary>
internal static class Units
{
    public const int Kilo = 1024;
    public const int Mega = 1024 * Kilo;
    public const int Giga = 1024 * Mega;

    public static Unit<bool> Flag { get; } = new FlagUnit();

    public static Unit<string> Text { get; } = new TextUnit();

    public static Unit<IReadOnlyList<string>> Texts { get; } = new ListUnit<string>(
        new TextUnit(), 0, "strings");

    public static Unit<ListenAddress> Address { get; } = new AddressUnit();

    public static Unit<IReadOnlyList<ListenAddress>> Addresses { get; } =
        new ListUnit<ListenAddress>(new AddressUnit(), 0, "such addresses");

    /// <summary>Where streams are pushed to.</summary>
    public static Unit<IReadOnlyList<RelayRule>> PushRules { get; } =
        new ListUnit<RelayRule>(new RelayRuleUnit(isPull: false), 0, "those");

    /// <summary>Where streams are pulled from.</summary>
    public static Unit<IReadOnlyList<RelayRule>> PullRules { get; } =
        new ListUnit<RelayRule>(new RelayRuleUnit(isPull: true), 0, "those");

    /// <summary>Programs; a line of the command line is one, whatever commas it has.</summary>
    public static Unit<IReadOnlyList<ExecRule>> ExecRules { get; } =
        new ListUnit<ExecRule>(new ExecRuleUnit(), 0, "those", isSplit: false);

    /// <summary>A folder.</summary>
    public static Unit<string> Folder { get; } = new FolderUnit();

    /// <summary>A path with places to fill in.</summary>
    public static Unit<PathTemplate> Template { get; } = new PathTemplateUnit();

    /// <summary>How many: a whole number.</summary>
    public static Unit<int> Count(int min, int max) => new CountUnit(min, max);

    /// <summary>Bytes, as <c>65536</c> or <c>"64k"</c>.</summary>
    public static Unit<int> Size(int min, int max) => new SizeUnit<int>(min, max);

    /// <summary>Bytes of what may be larger than 2 GiB.</summary>
    public static Unit<long> Size(long min, long max) => new SizeUnit<long>(min, max);

    /// <summary>How often, as <c>"10/s"</c>, <c>"600/m"</c>, or a number a second.</summary>
    public static Unit<int> Rate(int max) => new RateUnit(max);

    /// <summary>Bits a second, as <c>"800kbps"</c>, <c>"8mbps"</c>, or a number.</summary>
    public static Unit<long> Bitrate { get; } = new BitrateUnit(1_000_000_000_000);

    /// <summary>Time, as <c>"500ms"</c>, <c>"5s"</c>, or a number of seconds.</summary>
    public static Unit<TimeSpan> Duration(string min, string max)
        => new DurationUnit(DurationUnit.Parse(min), DurationUnit.Parse(max));

    /// <summary>Time, or <c>"auto"</c>.</summary>
    public static Unit<TimeSpan?> AutoDuration(string min, string max)
        => new AutoDurationUnit(DurationUnit.Parse(min), DurationUnit.Parse(max));

    /// <summary>One word for each value of the enumeration, in snake_case.</summary>
    public static Unit<T> Choice<T>()
        where T : struct, Enum
        => new ChoiceUnit<T>();

    /// <summary>"all", addresses and networks.</summary>
    public static Unit<IReadOnlyList<AddressRange>> Ranges { get; } =
        new ListUnit<AddressRange>(new AddressRangeUnit(), 0, "such addresses");

    /// <summary>Any number of such words.</summary>
    public static Unit<IReadOnlyList<T>> AnyChoices<T>()
        where T : struct, Enum
        => new ListUnit<T>(new ChoiceUnit<T>(), 0, "such words");

    /// <summary>At least one of such words.</summary>
    public static Unit<IReadOnlyList<T>> Choices<T>()
        where T : struct, Enum
        => new ListUnit<T>(new ChoiceUnit<T>(), 1, "such words");
}
