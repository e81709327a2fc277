"""Results of a discovery: a vendor's producer, a camera that it finds, and a simulated line."""

from station.domain.camera import DiscoveredDevice, DiscoveredProducer

PRODUCER = DiscoveredProducer("/opt/maker/lib64/maker.cti", "GENICAM_GENTL64_PATH", "ab" * 32, "root", 64, devices=1)
DEVICE = DiscoveredDevice("Maker", "Model", "4711", "left", "eth0", "GEV", "free", PRODUCER.path, test_camera=False)
SIMULATED = "simulated:flange?rate=25&width=320&height=240"
