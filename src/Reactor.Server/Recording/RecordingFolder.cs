using System;
using System.Text;
using Reactor.Server.Storage;

namespace Reactor.Server.Recording;

/// <summary>Where recordings of a template lie: the folder above them, and their names.</summary>
/// <param name="Root">The part of the template in which nothing is filled in.</param>
/// <param name="Pattern">The whole template as a glob.</param>
internal sealed record RecordingFolder(SafePath Root, string Pattern)
{
    public static RecordingFolder Of(PathTemplate template)
    {
        var pattern = new StringBuilder();
        var text = template.ToString();
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '{' when text.AsSpan(at).StartsWith("{ext}"):
                    pattern.Append(FlvRecorder.Extension);
                    at += "{ext}".Length - 1;
                    break;
                case '{':
                    pattern.Append('*');
                    at = text.IndexOf('}', at);
                    break;
                case '%' when text[at + 1] != '%':
                    pattern.Append('*');
                    at++;
                    break;
                case '%':
                    pattern.Append('%');
                    at++;
                    break;
                default:
                    pattern.Append(text[at]);
                    break;
            }
        }
        var glob = pattern.ToString();
        var star = glob.IndexOf('*', StringComparison.Ordinal);
        var slash = glob.LastIndexOf('/', star < 0 ? glob.Length - 1 : star);
        return new RecordingFolder(
            SafePath.Configured(slash < 0 ? "." : slash == 0 ? "/" : glob[..slash]), glob);
    }
}
