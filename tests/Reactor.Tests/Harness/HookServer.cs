using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using Reactor.Testing;

namespace Reactor.Tests.Harness;

/// <summary>A hook by HTTPS that allows everything.</summary>
internal sealed class HookServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Thread _thread;
    private volatile string _asked = "";

    public HookServer(TestCertificate certificate)
    {
        _certificate = X509Certificate2.CreateFromPem(certificate.Certificate, certificate.Key);
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Heads and bodies of all questions so far.</summary>
    public string Asked => _asked;

    public void Dispose()
    {
        _listener.Stop();
        _thread.Join();
        _certificate.Dispose();
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                using var client = _listener.AcceptTcpClient();
                Answer(client);
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private void Answer(TcpClient client)
    {
        try
        {
            using var tls = new SslStream(client.GetStream());
            tls.AuthenticateAsServer(_certificate);
            var buffer = new byte[4096];
            while (!_asked.EndsWith('}') && tls.Read(buffer) is > 0 and var count)
                _asked += Encoding.UTF8.GetString(buffer, 0, count);
            tls.Write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n0"u8);
        }
        catch (Exception broken) when (broken is AuthenticationException or IOException)
        {
            // Whoever does not know the certificate says nothing more.
        }
    }
}
