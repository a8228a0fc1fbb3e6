using System;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;

namespace Reactor.Server.Rooms;

/// <summary>Opens the store of rooms that is configured.</summary>
internal static class RoomStores
{
    /// <returns>Null where rooms are not switched on.</returns>
    public static IRoomStore? Open(ReactorServer server, Action<byte[]> secrets)
    {
        var options = server.Options.Rooms;
        if (!options.Enabled)
            return null;
        return options.Store switch
        {
            RoomStore.File => new FileRooms(
                server.Files, SafePath.Configured(options.File), secrets),
            RoomStore.Redis => OpenRedis(server, options, secrets),
            _ => new MemoryRooms(secrets),
        };
    }

    private static IRoomStore OpenRedis(
        ReactorServer server, RoomsOptions options, Action<byte[]> secrets)
    {
        var settings = SettingsOf.Redis(options.RedisAddr, options);
        var redis = new RedisClient(
            server.Loop, server.Hosts, settings, server.Random, server.Struck);
        redis.Start();
        var rooms = new RedisRooms(redis, secrets);
        return options.OnError == RoomTrouble.Cache ? new RememberedRooms(rooms) : rooms;
    }
}
