namespace Reactor.Testing.Simulation;

/// <summary>Publishes one stream.</summary>
public sealed class PublisherPeer : ClientPeer
{
    private readonly PublishPart _part;

    public PublisherPeer(World world, int id, PeerPlan plan)
        : base(world, id, plan) => _part = new PublishPart(
            world, this, plan.Stream, plan.Publishing, Random, Conversation.SendMedia);

    public override Part Part => _part;

    /// <summary>What was sent; null before publish was accepted.</summary>
    public Publication? Publication => _part.Publication;

    /// <summary>Sends no more while it is set; the connection stays.</summary>
    public bool IsSilent
    {
        get => _part.IsSilent;
        set => _part.IsSilent = value;
    }
}
