using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Reactor.Tidy.Tests;

/// <summary>What a built assembly names of others, read from its metadata and not run.</summary>
/// <param name="Assemblies">Simple names of the assemblies it needs.</param>
/// <param name="Names">As <c>Namespace.Type</c> and <c>Namespace.Type.Member</c>.</param>
internal sealed record AssemblyReferences(
    IReadOnlySet<string> Assemblies, IReadOnlySet<string> Names)
{
    /// <summary>Reads an assembly that the build put beside this one.</summary>
    public static AssemblyReferences Of(string assembly)
    {
        using var file = File.OpenRead(
            Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();

        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.TypeReferences)
            names.Add(NameOf(metadata, handle));
        foreach (var handle in metadata.MemberReferences)
            names.Add(NameOf(metadata, metadata.GetMemberReference(handle)));

        var assemblies = metadata.AssemblyReferences
            .Select(handle => metadata.GetAssemblyReference(handle))
            .Select(reference => metadata.GetString(reference.Name));
        return new AssemblyReferences(assemblies.ToHashSet(), names);
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{NameOf(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    private static string NameOf(MetadataReader metadata, MemberReference member)
    {
        var name = metadata.GetString(member.Name);
        return member.Parent.Kind == HandleKind.TypeReference
            ? $"{NameOf(metadata, (TypeReferenceHandle)member.Parent)}.{name}"
            : name;         // of a constructed generic type: its own name is among the types
    }
}
