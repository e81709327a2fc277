"""What a search for cameras finds: a maker's driver, a camera that it sees, and a stand-in."""

from station.domain.camera import DiscoveredDevice, DiscoveredProducer

PRODUCER = DiscoveredProducer("/opt/maker/lib64/maker.cti", "GENICAM_GENTL64_PATH", "ab" * 32, "root", 64, devices=1)
DEVICE = DiscoveredDevice("Maker", "Model", "4711", "left", "eth0", "GEV", "free", PRODUCER.path, test_camera=False)
SIMULATED = "simulated:flange?rate=25&width=320&height=240"
