using System.Text;
using System.Text.Json;
using Reactor.Protocol.Http;
using Reactor.Server.Http;
using Reactor.Server.Recording;

namespace Reactor.Server.Control;

/// <summary>Recordings: listed, begun and ended.</summary>
internal static class RecordRoutes
{
    private const string NginxPath = "/control/record/";

    /// <summary>
    /// nginx-rtmp's <c>/control/record/start|stop?app=&amp;name=&amp;rec=</c>; the answer is the
    /// file, which may not have its name before the first keyframe.
    /// </summary>
    public static void Order(HttpExchange exchange)
    {
        var query = exchange.Request.Query;
        var (app, name, recorder) = (query["app"] ?? "", query["name"] ?? "", query["rec"] ?? "");
        var api = exchange.Server.RecordingApi;
        RecordingAnswer? answer = exchange.Request.Path[NginxPath.Length..] switch
        {
            "start" => api.Start(app, name, recorder),
            "stop" => api.Stop(app, name, recorder),
            _ => null,
        };
        if (answer is not { } given)
            Envelope.Answer(exchange, 404, "a recording is started or stopped");
        else if (given.Recording is { } recording)
            exchange.Answer(200, "text/plain", Encoding.UTF8.GetBytes(recording.Path));
        else
            Envelope.Answer(exchange, 404, given.Why);
    }

    /// <summary>Lists recordings; POST begins one, DELETE ends it, by app, name, recorder.
    /// </summary>
    public static void Recordings(HttpExchange exchange)
    {
        var query = exchange.Request.Query;
        var (app, name) = (query["app"] ?? "", query["name"] ?? "");
        var recorder = query["recorder"] ?? "";
        var api = exchange.Server.RecordingApi;
        RecordingAnswer? answer = exchange.Request.Method switch
        {
            HttpMethod.Post => api.Start(app, name, recorder),
            HttpMethod.Delete => api.Stop(app, name, recorder),
            _ => null,
        };
        if (answer is { Recording: null } refused)
            Envelope.Answer(exchange, 404, refused.Why);
        else
            JsonAnswer.SendList(exchange, "recordings", api.List(), Write);
    }

    private static void Write(Utf8JsonWriter json, RecordingStatus recording)
    {
        json.WriteStartObject();
        json.WriteString("stream", recording.Stream);
        json.WriteString("recorder", recording.Recorder);
        json.WriteString("path", recording.Path);
        json.WriteNumber("bytes", recording.Bytes);
        json.WriteString("error", recording.LastError);
        json.WriteEndObject();
    }
}
