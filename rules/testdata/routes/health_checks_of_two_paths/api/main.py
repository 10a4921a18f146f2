from fastapi import FastAPI

app = FastAPI()


@app.get("/api/admin/health")
def health_of_a_part():
    return {}


@app.get("/api/health")
def health():
    return {}
