"""One process that makes one file of a packet, for packets.py."""

import json
import resource
import sys
import time

from benchmarks.database import start_django


def main(kind: str, size: int) -> None:
    start_django()
    # after Django: they need its settings
    from letters import render  # noqa: PLC0415
    from letters.facts.base import issued_at  # noqa: PLC0415
    from letters.packets import papers, word  # noqa: PLC0415
    from tests.letters.papers import a_paper  # noqa: PLC0415

    paper = a_paper(size)
    began, cpu = time.perf_counter(), time.process_time()
    if kind == "docx":
        content = word.docx_of(paper)
    else:
        facts, html = papers.without_ids(paper), papers.html_of(paper)
        content = render.meeting(html, facts, issued_at(paper), name="dagsorden.json")[0]
    told = {
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_bytes": len(content),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
