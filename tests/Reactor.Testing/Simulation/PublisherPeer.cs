namespace Reactor.Testing.Simulation;

/// <summary>Publishes one stream.</summary>
public sealed class PublisherPeer : ClientPeer
{
    private readonly PublishPart _part;

    public PublisherPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan) => _part = new PublishPart(
            world, this, plan.Stream, plan.Publishing, Random,
            (type, timestamp, payload) => Conversation.SendMedia(type, timestamp, payload));

    public override Part Part => _part;

    /// <summary>What was sent; null before publish was accepted.</summary>
    public Publication? Publication => _part.Publication;

    /// <summary>Where rooms are on, the key of its room, as soon as that was handed out.</summary>
    protected override string NameShown
    {
        get
        {
            var name = base.NameShown;
            var key = World.Rooms.KeyOf(name);
            _part.Key = key;
            return key.Length > 0 ? key : name;
        }
    }

    /// <summary>Sends no more while it is set; the connection stays.</summary>
    public bool IsSilent
    {
        get => _part.IsSilent;
        set => _part.IsSilent = value;
    }
}
